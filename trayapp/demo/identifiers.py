"""Invented identifiers with the form of AWS's own: the same label always gives the same one."""

import base64
from dataclasses import dataclass
from hashlib import sha256

ACCOUNT = "123456789012"
"""The account number that AWS's documentation uses for nobody's account."""


@dataclass(frozen=True, slots=True)
class Identifiers:
    """Identifiers drawn from a seed and a label, in whatever order they are asked for."""

    seed: str

    def digits(self, label: str, length: int) -> str:
        """Give lower-case hexadecimal digits, at most 64."""
        return self._digest(label).hex()[:length]

    def ec2(self, prefix: str, label: str) -> str:
        """Give the id of something in EC2: ``i-0…``, ``sg-0…``, seventeen digits of which the first is a zero."""
        return f"{prefix}-0{self.digits(prefix + label, 16)}"

    def iam(self, prefix: str, label: str) -> str:
        """Give the id of something in IAM: ``AIDA…`` a user, ``AROA…`` a role, ``ANPA…`` a managed policy."""
        return f"{prefix}{base64.b32encode(self._digest(prefix + label)).decode()[:17]}"

    def suffix(self, label: str) -> str:
        """Give the thirteen characters that CloudFormation puts behind the names it makes."""
        return base64.b32encode(self._digest("suffix" + label)).decode()[:13]

    def uuid(self, label: str) -> str:
        """Give a UUID."""
        digits = self.digits("uuid" + label, 32)
        return "-".join((digits[:8], digits[8:12], f"4{digits[13:16]}", f"a{digits[17:20]}", digits[20:]))

    def host_number(self, label: str) -> int:
        """Give the last part of an address within a /24 network that is nobody's: 10 to 249."""
        return 10 + self._digest("host" + label)[0] % 240

    def mac(self, label: str) -> str:
        """Give a locally administered MAC address."""
        return ":".join(("02", *(f"{byte:02x}" for byte in self._digest("mac" + label)[:5])))

    def _digest(self, label: str) -> bytes:
        return sha256(f"{self.seed}/{label}".encode()).digest()
