"""Amazon Resource Names: ``arn:partition:service:region:account:resource``.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
"""

_REGION, _ACCOUNT, _PARTS = 3, 4, 6


def region_of(arn: str) -> str:
    """Give the Region that an ARN names; empty where it names none, or is none."""
    return _part(arn, _REGION)


def account_of(arn: str) -> str:
    """Give the account that an ARN names; empty where it names none, or is none."""
    return _part(arn, _ACCOUNT)


def _part(arn: str, position: int) -> str:
    parts = arn.split(":", _PARTS - 1)
    return parts[position] if len(parts) == _PARTS else ""
