"""The console's pages that steps lead to, as ``console.page_link`` takes them.

The forms are those of the console itself, as public link builders and AWS's own documentation write them.
"""

CONSOLE = "/console/home?region={region}"
USERS = "/iam/home?region={region}#/users"
USER_SECRETS = "/iam/home?region={region}#/users/details/{name}?section=security_credentials"
USER_POWERS = "/iam/home?region={region}#/users/details/{name}?section=permissions"
ROLES = "/iam/home?region={region}#/roles"
ROLE_POWERS = "/iam/home?region={region}#/roles/details/{name}?section=permissions"
ROLE_TRUST = "/iam/home?region={region}#/roles/details/{name}?section=trust_relationships"
GROUPS = "/iam/home?region={region}#/groups"
GROUP = "/iam/home?region={region}#/groups/details/{name}"
POLICIES = "/iam/home?region={region}#/policies"
POLICY = "/iam/home?region={region}#/policies/details/{arn}"
PROVIDERS = "/iam/home?region={region}#/identity_providers"
ROOT_SECRETS = "/iam/home?region={region}#/security_credentials"
ROLES_ANYWHERE = "/rolesanywhere/home?region={region}"
ACCESS_ANALYZER = "/access-analyzer/home?region={region}"
IDENTITY_CENTER = "/singlesignon/home?region={region}"

INSTANCE = "/ec2/home?region={region}#InstanceDetails:instanceId={id}"
RUNNING = "/ec2/home?region={region}#Instances:instanceState=running"
HOSTS = "/ec2/home?region={region}#Hosts:"
VOLUMES = "/ec2/home?region={region}#Volumes:"
SCALING_GROUP = "/ec2/home?region={region}#AutoScalingGroupDetails:id={name}"
SECURITY_GROUP = "/ec2/home?region={region}#SecurityGroup:groupId={id}"
GLOBAL_VIEW = "/ec2globalview/home?region={region}"
CLUSTERS = "/ecs/v2/clusters?region={region}"
FUNCTIONS = "/lambda/home?region={region}#/functions"
FUNCTION = "/lambda/home?region={region}#/functions/{name}"
STACKS = "/cloudformation/home?region={region}#/stacks"

RECORDER = "/config/home?region={region}#/settings"
TRAILS = "/cloudtrailv2/home?region={region}#/trails"
HISTORY = "/cloudtrailv2/home?region={region}#/events"
BY_KEY = "/cloudtrailv2/home?region={region}#/events?AccessKeyId={id}"
BY_USER = "/cloudtrailv2/home?region={region}#/events?Username={name}"
BY_THING = "/cloudtrailv2/home?region={region}#/events?ResourceName={name}"
GUARDDUTY = "/guardduty/home?region={region}#/findings"
TOPICS = "/sns/v3/home?region={region}#/topics"
QUEUES = "/sqs/v3/home?region={region}#/queues"
RULES = "/events/home?region={region}#/rules"

ACCOUNT = "/billing/home?region={region}#/account"
BILLS = "/billing/home?region={region}#/bills"
BUDGETS = "/billing/home?region={region}#/budgets"
QUOTAS = "/servicequotas/home/requests?region={region}"
MAIL = "/ses/home?region={region}#/account"
MODELS = "/bedrock/home?region={region}#/modelaccess"
CASES = "/support/home?region={region}#/"
NEW_CASE = "/support/home?region={region}#/case/create"

_STANDARD = "https://us-east-1.console.aws.amazon.com"
STANDARD_ACCOUNT = {"aws-us-gov": f"{_STANDARD}{ACCOUNT.format(region='us-east-1')}"}
STANDARD_BILLS = {"aws-us-gov": f"{_STANDARD}{BILLS.format(region='us-east-1')}"}
STANDARD_BUDGETS = {"aws-us-gov": f"{_STANDARD}{BUDGETS.format(region='us-east-1')}"}
"""By partition, where it is not the account's own console: a GovCloud account is billed to the standard account that it
belongs to. https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/getting-started-standard-account-linking.html"""

WITHOUT_SIGNING_IN = {"aws": "https://support.aws.amazon.com/#/contacts/aws-account-support/"}
"""By partition, the form that AWS has for those who cannot sign in.
https://github.com/aws-samples/aws-customer-playbook-framework/blob/main/docs/AWS_Help.md"""
