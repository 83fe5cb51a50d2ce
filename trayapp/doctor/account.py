"""The steps to one account's queue, and what the guard checks there."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from trayapp.aws.checks import Rounds
from trayapp.aws.failures import BOTOCORE_ERRORS, CLOCK_TOLERANCE, AwsFailure, answered_by_aws, failure_of
from trayapp.aws.key_problems import KeyStoreProblem
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint, identity_client, queue_client
from trayapp.aws.sign_in import Identity
from trayapp.core import checks
from trayapp.core.causes import PROBLEMS, Cause
from trayapp.core.checks import Check, Checked
from trayapp.core.language import say, say_count
from trayapp.core.text import grouped_account, name
from trayapp.doctor import network
from trayapp.doctor.steps import Ill, NotAsked, Outcome, Stage, Step, ill_by
from trayapp.doctor.surroundings import Surroundings
from trayapp.settings import Account
from trayapp.watching import expected

TOLERANCE = timedelta(seconds=CLOCK_TOLERANCE)
"""How far a clock may be off before AWS refuses what it signs."""

ACCOUNT_STEPS = ("key", "name", "connection", "clock", "identity", "queue", "checks")
"""The steps of each account, in their order."""

_LONGEST_KEPT = timedelta(days=14)
"""How long a queue can keep messages, and the template's does (SQS API reference, ``MessageRetentionPeriod``)."""

_NOBODY = AccessKey("-", "-")
"""What a client is made with that is only asked for its address."""


class AccountWalk:
    """Walks to one account's queue; each step leaves what the next ones need.

    Args:
        account: The account.
        surroundings: What is looked at and asked.
    """

    def __init__(self, account: Account, surroundings: Surroundings) -> None:
        self._account, self._keys, self._now = account, surroundings.keys, surroundings.now
        self._key = _NOBODY
        self._off: timedelta | None = None
        self._url = ""

    def stages(self) -> tuple[Stage, ...]:
        """Give the steps, in the order in which they stand on each other."""
        called = self._account.name
        return (
            Stage("key", self._look_at_key, ("keyring",), called),
            Stage("name", self._look_up, (), called),
            Stage("connection", self._connect, ("name",), called),
            Stage("clock", self._compare_clocks, ("connection",), called),
            Stage("identity", self._identify, ("key", "connection"), called),
            Stage("queue", self._ask_queue, ("key", "connection", "identity"), called),
            Stage("checks", self._check, ("key", "connection", "identity"), called),
        )

    def _look_at_key(self) -> str:
        try:
            key = self._keys.load(self._account.name)
        except KeyStoreProblem as problem:
            raise AwsFailure(problem.cause, str(problem)) from None
        if key is None:
            raise AwsFailure(Cause.SIGNED_OUT, "")
        self._key = key
        return say("key {key} is in the keyring", key=key)

    def _look_up(self) -> str:
        self._url = queue_client(self._endpoint()).meta.endpoint_url
        host = network.host_of(self._url)
        if proxy := network.proxy_of(self._url):
            raise NotAsked(say("the proxy {proxy} looks {host} up for us", proxy=proxy, host=host))
        addresses = network.addresses_of(self._url)
        first, more = addresses[0], len(addresses) - 1
        if more:
            return say("{host} is {address} and {count} more", host=host, address=first, count=more)
        return say("{host} is {address}", host=host, address=first)

    def _connect(self) -> str:
        host, proxy = network.host_of(self._url), network.proxy_of(self._url)
        before = self._now()
        try:
            greeting = network.greet(self._url)
        except AwsFailure as failure:
            if failure.cause is not Cause.TLS_REFUSED:
                raise
            issuer = network.who_answers(self._url) or say("nobody that could be seen")
            by = say("who answers for {host} has a certificate issued by {issuer}", host=host, issuer=issuer)
            raise Ill(by, say(PROBLEMS[failure.cause].way_out), str(failure)) from None
        self._off = _distance(greeting.date, before, self._now())
        return _answers(host, proxy, greeting)

    def _compare_clocks(self) -> str:
        if self._off is None:
            raise NotAsked(say("the answer did not say what time it is there"))
        seconds = round(self._off.total_seconds())
        if abs(seconds) <= 1:
            said = say("this computer's clock is right")
        elif seconds > 0:
            said = say("this computer's clock is {seconds} s ahead", seconds=seconds)
        else:
            said = say("this computer's clock is {seconds} s behind", seconds=-seconds)
        if abs(self._off) > TOLERANCE:
            raise Ill(said, ill_by(Cause.CLOCK_WRONG, self._account.name).way_out)
        return said

    def _identify(self) -> str:
        try:
            answer = identity_client(self._endpoint()).get_caller_identity()
        except BOTOCORE_ERRORS as error:
            raise failure_of(error) from None
        answered_by_aws(answer)
        identity = Identity(answer.get("Account", ""), answer.get("Arn", ""))
        number = grouped_account(identity.account_id)
        if self._account.account_id not in ("", identity.account_id):
            ill = ill_by(Cause.WRONG_ACCOUNT, self._account.name)
            raise Ill(
                str(ill),
                ill.way_out,
                say("{actual}, not {expected}", actual=number, expected=grouped_account(self._account.account_id)),
            )
        if identity.is_root:
            raise Ill(
                say("this is a key of the root user of account {account}", account=number),
                say(
                    "Nothing should have one: make a key of the listener user instead (trayapp template), run: "
                    "trayapp login {name}, and delete this one.",
                    name=self._account.name,
                ),
            )
        return say("account {account}, {arn}", account=number, arn=name(identity.arn, 120))

    def _ask_queue(self) -> str:
        try:
            answer = queue_client(self._endpoint()).get_queue_attributes(
                QueueUrl=self._account.queue_url, AttributeNames=["All"]
            )
        except BOTOCORE_ERRORS as error:
            raise failure_of(error) from None
        answered_by_aws(answer)
        found = answer.get("Attributes", {})
        waiting = found.get("ApproximateNumberOfMessages", "?")
        kept = timedelta(seconds=int(found.get("MessageRetentionPeriod", "0")))
        if kept < _LONGEST_KEPT:
            # Still well: it is as its owner set it up.
            return say(
                "its attributes may be read; about {waiting} messages wait, and only {time} long: what comes while you "
                "are away longer is lost",
                waiting=waiting,
                time=_span(kept),
            )
        return say(
            "its attributes may be read; about {waiting} messages wait, at most {time}",
            waiting=waiting,
            time=_span(kept),
        )

    def _check(self) -> Iterator[Step]:
        for checked in Rounds(self._endpoint, expected(self._account)).run():
            # The step of the same name has said more about it.
            if checked.check is not Check.IDENTITY or checked.outcome is not checks.Outcome.PASSED:
                yield step_of(checked, self._account.name)

    def _endpoint(self) -> Endpoint:
        return Endpoint(self._account.region, self._key, self._account.endpoint_url)


def _answers(host: str, proxy: str, greeting: network.Greeting) -> str:
    tls, issuer = greeting.tls, greeting.issuer
    if not tls and proxy:
        return say("{host} answers through the proxy {proxy}, without TLS", host=host, proxy=proxy)
    if not tls:
        return say("{host} answers, without TLS", host=host)
    if proxy:
        return say(
            "{host} answers through the proxy {proxy}, {tls}, certificate issued by {issuer}",
            host=host,
            proxy=proxy,
            tls=tls,
            issuer=issuer,
        )
    return say("{host} answers, {tls}, certificate issued by {issuer}", host=host, tls=tls, issuer=issuer)


def step_of(checked: Checked, account: str) -> Step:
    """Give the step that a check is."""
    problem = PROBLEMS[checked.cause] if checked.cause else None
    outcome = {
        checks.Outcome.PASSED: Outcome.WELL,
        checks.Outcome.NOTICE: Outcome.WELL,
        checks.Outcome.NOT_GRANTED: Outcome.NOT_ASKED,
        checks.Outcome.UNANSWERED: Outcome.ILL,
        checks.Outcome.FAILED: Outcome.ILL,
    }[checked.outcome]
    return Step(
        step=checked.check.value,
        outcome=outcome,
        sentence=checked.sentence or (say(problem.what) if problem else say("passed")),
        way_out=say(problem.way_out, account=account) if problem else "",
        detail=checked.detail,
        account=account,
        region=checked.region,
    )


def _distance(there: datetime | None, before: datetime, after: datetime) -> timedelta | None:
    """Tell how far our clock is ahead: the answer was written somewhen between, and cut to the second."""
    if there is None:
        return None
    return before + (after - before) / 2 - (there + timedelta(milliseconds=500))


def _span(time: timedelta) -> str:
    if time.days:
        return say_count("{count} day", "{count} days", time.days)
    return say("{hours} h", hours=round(time.total_seconds() / 3600))
