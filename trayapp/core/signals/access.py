"""The rows about keys, passwords, MFA, signing in, and root."""

from trayapp.core.finding import Theme
from trayapp.core.severity import Severity
from trayapp.core.signals import iam_conditions as iam
from trayapp.core.signals import types
from trayapp.core.signals.access_conditions import ABOUT_ROOT, NO_MFA, ROOT_USED
from trayapp.core.signals.looks import any_call, call
from trayapp.core.signals.model import SameBy, Signal, says
from trayapp.core.signals.things import access_key, account, caller, mfa_device, of_user

ACCESS = (
    Signal(
        id="root-login",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        calls=(any_call(account, ROOT_USED),),
        # Who works as root calls a hundred times an hour: each kind of call is told once a day and key.
        same_by=SameBy.CALLER,
        again=True,
        says=says(
            {
                "ConsoleLogin": "Somebody signed in as root",
                "ConsoleLogin without MFA": "Somebody signed in as root, without MFA",
                "write": "Root was used: {action}",
            },
            refused={
                "ConsoleLogin": "Somebody tried to sign in as root",
                "ConsoleLogin without MFA": "Somebody tried to sign in as root",
                "write": "Somebody tried something as root: {action}",
            },
        ),
        source="Panther aws_console_root_login, aws_root_activity; CIS AWS benchmark 4.3; survival kit 1",
    ),
    Signal(
        id="root-recovery",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        calls=(
            call(
                "signin",
                ("PasswordRecoveryRequested", "PasswordRecoveryCompleted", "PasswordUpdated"),
                account,
                ABOUT_ROOT,
            ),
            # Whoever has root's mail address can recover root at any time.
            call("signin", "EmailUpdated", account, ABOUT_ROOT),
            call("account", ("StartPrimaryEmailUpdate", "AcceptPrimaryEmailUpdate"), account),
            call("iam", ("CreateLoginProfile", "UpdateLoginProfile"), account, iam.FOR_ROOT),
        ),
        same_by=SameBy.EVENT,
        instead_of=frozenset({"root-login"}),
        says=says(
            {
                "PasswordRecoveryRequested": "Somebody asked for a new root password",
                "EmailUpdated": "The mail address of root was changed",
                "StartPrimaryEmailUpdate": "Somebody asked for another mail address of root",
                "AcceptPrimaryEmailUpdate": "The mail address of root was changed",
                "": "The root password was changed",
            },
            refused={
                "EmailUpdated": "Somebody tried to change the mail address of root",
                "StartPrimaryEmailUpdate": "Somebody tried to change the mail address of root",
                "AcceptPrimaryEmailUpdate": "Somebody tried to change the mail address of root",
                "": "Somebody tried to change the root password",
            },
        ),
        source="Elastic initial_access_password_recovery; Panther aws_root_password_changed",
    ),
    Signal(
        id="root-key",
        theme=Theme.IDENTITY,
        severity=Severity.CRITICAL,
        calls=(call("iam", "CreateAccessKey", access_key, iam.FOR_ROOT, iam.NEW_KEY),),
        instead_of=frozenset({"root-login"}),
        says=says("New access key for root", refused="Somebody tried to make an access key for root"),
        source="Panther aws_root_access_key_created",
    ),
    Signal(
        id="key-new",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        calls=(call("iam", "CreateAccessKey", access_key, iam.NOT_FOR_ROOT, iam.NEW_KEY),),
        says=says(
            {
                "": "New access key for user {user}",
                "for another": "New access key for user {user}, made by somebody else",
            },
            refused="Somebody tried to make an access key for user {user}",
        ),
        source="Elastic persistence_iam_user_created_access_keys_for_another_user; Panther aws_iam_user_key_created",
    ),
    Signal(
        id="key-changed",
        theme=Theme.IDENTITY,
        # Medium where a user switches off or deletes a key of his own.
        severity=Severity.HIGH,
        calls=(call("iam", ("UpdateAccessKey", "DeleteAccessKey"), access_key, iam.NOT_FOR_ROOT, iam.KEY_CHANGED),),
        same_by=SameBy.EVENT,
        says=says(
            {
                "on": "Access key …{key} of user {user} was switched on again",
                "off": "Access key …{key} of user {user} was switched off",
                "deleted": "Access key …{key} of user {user} was deleted",
            },
            refused={
                "on": "Somebody tried to switch access key …{key} of user {user} on again",
                "off": "Somebody tried to switch off access key …{key} of user {user}",
                "deleted": "Somebody tried to delete access key …{key} of user {user}",
            },
        ),
        source="Survival kit 4; a key switched on again is a way back in, one switched off may lock its owner out",
    ),
    Signal(
        id="password-new",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        calls=(
            call(
                "iam",
                ("CreateLoginProfile", "UpdateLoginProfile", "DeleteLoginProfile"),
                of_user(types.LOGIN_PROFILE),
                iam.NOT_FOR_ROOT,
                iam.NAMES_USER,
            ),
        ),
        same_by=SameBy.EVENT,
        says=says(
            {
                "CreateLoginProfile": "User {user} was given a console password",
                "UpdateLoginProfile": "The console password of user {user} was changed",
                "DeleteLoginProfile": "User {user} can no longer sign in to the console",
            },
            refused={
                "CreateLoginProfile": "Somebody tried to give user {user} a console password",
                "UpdateLoginProfile": "Somebody tried to change the console password of user {user}",
                "DeleteLoginProfile": "Somebody tried to take user {user} the console password",
            },
        ),
        source="Sigma aws_update_login_profile; Stratus persistence.iam-create-user-login-profile",
    ),
    Signal(
        id="login-no-mfa",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        calls=(call("signin", "ConsoleLogin", caller, NO_MFA),),
        same_by=SameBy.EVENT,
        says=says("User {name} signed in to the console without MFA"),
        source="Panther aws_console_login_without_mfa; Stratus initial-access.console-login-without-mfa",
    ),
    Signal(
        id="mfa-off",
        theme=Theme.IDENTITY,
        severity=Severity.HIGH,
        calls=(call("iam", ("DeactivateMFADevice", "DeleteVirtualMFADevice"), mfa_device, iam.NAMES_USER),),
        same_by=SameBy.EVENT,
        says=says(
            {
                "": "MFA of user {user} was switched off",
                "DeactivateMFADevice without user": "MFA device {name} was switched off",
                "DeleteVirtualMFADevice without user": "MFA device {name} was deleted",
            },
            refused="Somebody tried to switch MFA off: {name}",
        ),
        source="Elastic impact_iam_deactivate_mfa_device; survival kit 6",
    ),
)
"""The rows about how one gets in."""
