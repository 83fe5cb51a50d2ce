"""Whose advice the steps are, and where the facts in them stand."""

COMPROMISED = "https://repost.aws/knowledge-center/potential-account-compromise"
"""AWS: what can I do if I notice unauthorized activity in my AWS account?"""

PLAYBOOK = (
    "https://github.com/aws-samples/aws-customer-playbook-framework/blob/main/docs/Compromised_IAM_Credentials.md"
)
"""AWS: its playbook for credentials in wrong hands. Deactivate a key before it is deleted, and keep its id."""

SUPPORT = "https://github.com/aws-samples/aws-customer-playbook-framework/blob/main/docs/AWS_Help.md"
"""AWS: what to choose and what to write when asking its support for help, also without being able to sign in."""

SIGN_IN = "https://docs.aws.amazon.com/signin/latest/userguide/troubleshooting-sign-in-issues.html"
"""AWS: how to get back in, and the form for those who cannot."""

TEMPORARY = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html"
"""AWS: sessions outlive the key they were begun with, for up to 36 hours; denying the user everything ends them."""

SESSIONS = "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html"
"""AWS: ending the sessions of a role; not possible for service-linked roles."""

SINGLE_SIGN_ON = "https://docs.aws.amazon.com/singlesignon/latest/userguide/authconcept-revoke-access.html"
"""AWS: shutting out somebody who signs in by IAM Identity Center. The sessions of roles outlive the signing out."""

QUARANTINE = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html"
"""AWS: the policy it puts on a user whose key is public, and that it is not to be removed."""

STOPPING = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Stop_Start.html"
"""AWS: what stops and what cannot be stopped."""

SCALING = "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html"
"""AWS: an auto-scaling group replaces an instance that is stopped."""

EVIDENCE = "https://docs.aws.amazon.com/whitepapers/latest/aws-security-incident-response-guide/welcome.html"
"""AWS: its guide to incidents; disks are kept as snapshots before anything is removed."""

GUARDDUTY = "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_remediate.html"
"""AWS: what to do about what GuardDuty has found."""

HANDLING = "https://nvlpubs.nist.gov/nistpubs/SpecialPublications/NIST.SP.800-61r2.pdf"
"""NIST: contain, then remove, then recover, then look back."""
