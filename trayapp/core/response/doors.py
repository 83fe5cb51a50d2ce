"""The rows about getting in, and about root."""

from collections.abc import Callable, Iterator

from trayapp.core.response import pages, sources, who
from trayapp.core.response.model import Row, Target, once
from trayapp.core.response.scene import Scene
from trayapp.core.text import name


def _root_keys(scene: Scene) -> Iterator[Target]:
    for key in who.root_keys(scene):
        yield Target((key,), {"key": f"…{name(key[-6:], 6)}"})


def _of_root(fits: Callable[[Scene], bool]) -> tuple[Row, ...]:
    """Give the rows about root's password and MFA, for where they belong."""
    return (
        Row(
            id="root-password",
            targets=lambda scene: once(when=scene.has_root and fits(scene)),
            title="Change the root user's password",
            why="Whoever has it can do anything, also shut you out. Make it long and new. Change the password of that "
            "e-mail account first if anybody else may know it: through it root can be recovered.",
            done_when="AWS says that the password was changed.",
            page=pages.ROOT_SECRETS,
            source=sources.COMPROMISED,
        ),
        Row(
            id="root-mfa",
            targets=lambda scene: once(when=scene.has_root and fits(scene)),
            title="Give the root user MFA, and remove every device that is not yours",
            why="A passkey or an authenticator app keeps out whoever knows only the password. A device that you do "
            "not know is a way back in for somebody else.",
            done_when="The page lists your own devices and no other.",
            page=pages.ROOT_SECRETS,
            source=sources.COMPROMISED,
        ),
    )


DOORS = (
    Row(
        id="sign-in-root",
        targets=lambda scene: once(when=scene.ruled and scene.has_root),
        title="Sign in as the root user",
        why="Root is the one user whom nobody can delete or lock up. Use a computer that you trust and a private "
        "browser window. If the password is not accepted, choose Forgot password: AWS sends a link to the "
        "account's e-mail address.",
        done_when="The console shows your account number, and you are in as root.",
        page=pages.CONSOLE,
        source=sources.SIGN_IN,
    ),
    Row(
        id="sign-in-administrator",
        targets=lambda scene: once(when=scene.ruled and not scene.has_root),
        title="Sign in as an administrator that you trust",
        why="Nobody can sign in as root here. Use a computer that you trust and a private browser window.",
        done_when="The console shows your account number, and you are in.",
        page=pages.CONSOLE,
        source="https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-iam.html",
    ),
    Row(
        id="locked-out",
        targets=lambda scene: once(when=scene.ruled),
        title="Only if you cannot get in: write to AWS without signing in",
        why="AWS has a form for this. Give your account number, the root user's e-mail address and a telephone "
        "number, and say that somebody else has taken over the account. The text of “trayapp respond ID --export” "
        "says the rest. If you are in, tick this and go on.",
        done_when="AWS has answered with a case number, or you are in.",
        outside=pages.WITHOUT_SIGNING_IN,
        source=sources.SUPPORT,
    ),
)
"""The rows about getting in: nothing else can be done before."""

ROOT_FIRST = (
    *_of_root(lambda scene: scene.root_touched),
    Row(
        id="stop-root-key",
        targets=_root_keys,
        title="Deactivate the root user's access key {key}",
        why="No program needs a key of root, and nothing limits one. Deactivate it now and delete it when all is over.",
        done_when="The key is shown as inactive.",
        page=pages.ROOT_SECRETS,
        source=sources.PLAYBOOK,
    ),
)
"""The rows about root where root was used: then nothing is more urgent."""

ROOT_LATER = _of_root(lambda scene: scene.heavy and not scene.root_touched)
"""The same rows where root was not used: an administrator cannot change root."""
