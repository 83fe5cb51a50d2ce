"""What goes wrong between us and AWS, and what AWS says when it lets us in no more."""

from desktop_bench.confined import name_host
from desktop_bench.faults import Fault
from desktop_bench.web_proxy import WebProxy
from proof.case import Act, Case, Reach
from proof.subject import HOST, Route, Subject
from trayapp.core.causes import Cause

_READ = 30.0
"""Seconds that a question may stay without an answer before it counts as unanswered."""


def on_the_way() -> list[Case]:
    """Give every fault of the network, of what sits in it, and of what AWS answers."""
    return [*_network(), *_in_the_way(), *_tls(), *_refusals(), *_aws()]


def _injected(name: str, what: str, fault: Fault, cause: Cause, **others: float) -> Case:
    """Describe a fault that the proxy puts in the way of every request."""
    return Case(
        name,
        what,
        frozenset({cause}),
        lambda subject: subject.proxy.inject(fault, times=-1),
        lambda subject: subject.proxy.clear(),
        **others,  # type: ignore[arg-type]  # the keywords are those of the two bounds
    )


def _network() -> list[Case]:
    return [
        Case(
            *("refused", "connections are refused (network down)"),
            frozenset({Cause.NO_NETWORK}),
            lambda subject: subject.proxy.refuse(),
            lambda subject: subject.proxy.accept(),
        ),
        Case(
            *("name", "the name cannot be looked up (DNS)"),
            frozenset({Cause.NAME_NOT_FOUND}),
            _lose_the_name,
            lambda subject: name_host(subject.hosts, HOST),
            route=Route.NAMED,
            shown_within=20.0,
        ),
        _injected("dropped", "every connection is cut before the answer", Fault.DROP, Cause.NO_ANSWER),
        _injected("reset", "reset in the middle of the answer's body", Fault.RESET, Cause.NO_ANSWER),
        _injected("truncated", "the end of every answer is missing", Fault.TRUNCATE, Cause.NO_ANSWER),
        _injected(
            *("black-hole", "connections are taken and nothing is ever answered"),
            *(Fault.BLACK_HOLE, Cause.NO_ANSWER),
            shown_within=2 * _READ,
            healed_within=_READ + 15.0,
        ),
        _injected(
            *("slow-drip", "answers come one byte a second"),
            *(Fault.DRIP, Cause.NO_ANSWER),
            shown_within=2 * _READ,
            healed_within=_READ + 15.0,
        ),
    ]


def _lose_the_name(subject: Subject) -> None:
    name_host(subject.hosts, None)
    subject.proxy.cut()


def _in_the_way() -> list[Case]:
    return [
        _injected("portal", "a captive portal answers 200 with a page", Fault.PORTAL, Cause.INTERCEPTED),
        _injected("redirect", "a captive portal sends to its page (302)", Fault.REDIRECT, Cause.INTERCEPTED),
        _injected("blocked", "a filter answers 403 with a page", Fault.BLOCKED, Cause.INTERCEPTED),
        _injected("empty", "200 with nothing in it and no request id", Fault.EMPTY, Cause.INTERCEPTED),
        Case(
            *("proxy-refusing", "the company's proxy refuses connections"),
            frozenset({Cause.PROXY_FAILING}),
            lambda subject: _company(subject).refuse(),
            lambda subject: _company(subject).accept(),
            route=Route.COMPANY,
        ),
        Case(
            *("proxy-sign-in", "the company's proxy asks for a sign-in (407)"),
            frozenset({Cause.PROXY_FAILING}),
            lambda subject: _company(subject).ask_sign_in(wanted=True),
            lambda subject: _company(subject).ask_sign_in(wanted=False),
            route=Route.COMPANY,
        ),
    ]


def _company(subject: Subject) -> WebProxy:
    assert subject.company is not None
    return subject.company


def _tls() -> list[Case]:
    def case(name: str, what: str, begin: Act) -> Case:
        return Case(name, what, frozenset({Cause.TLS_REFUSED}), begin, _presents_its_own, route=Route.TLS)

    return [
        case(
            *("tls-name", "the certificate is for another name"),
            lambda subject: subject.proxy.present(subject.bed.authority.server("elsewhere.example")),
        ),
        case(
            *("tls-untrusted", "the certificate is by an authority nobody trusts"),
            lambda subject: subject.proxy.present(subject.bed.stranger.server("localhost")),
        ),
        case(
            *("tls-expired", "the certificate has expired"),
            lambda subject: subject.proxy.present(subject.bed.authority.server("localhost", days_left=-1)),
        ),
        case("tls-none", "what answers does not speak TLS", lambda subject: subject.proxy.present(None)),
    ]


def _presents_its_own(subject: Subject) -> None:
    subject.proxy.present(subject.bed.authority.server("localhost"))


def _refusals() -> list[Case]:
    return [
        _injected("clock", "the clock is an hour off (signature expired)", Fault.CLOCK_SKEW, Cause.CLOCK_WRONG),
        _injected("key-deleted", "the key is deleted between two polls", Fault.UNKNOWN_KEY, Cause.KEY_REVOKED),
        _injected("bad-secret", "the secret is not the key's", Fault.BAD_SECRET, Cause.SECRET_WRONG),
        _injected("denied", "no permission on the queue", Fault.ACCESS_DENIED, Cause.PERMISSION_LOST),
        _injected("kms", "the queue's KMS key refuses", Fault.KMS_REFUSED, Cause.KMS_REFUSED),
        Case(
            *("queue-gone", "the queue is deleted"),
            frozenset({Cause.QUEUE_MISSING}),
            lambda subject: subject.inbox.delete_queue(),
            lambda subject: subject.inbox.create_queue(),
            reachable=Reach.NOT,
        ),
    ]


def _aws() -> list[Case]:
    return [
        _injected("throttled", "every request is throttled", Fault.THROTTLE, Cause.THROTTLED),
        _injected("http-500", "every answer is 500", Fault.ERROR_500, Cause.AWS_FAILING),
        _injected("http-503", "every answer is 503", Fault.ERROR_503, Cause.AWS_FAILING),
    ]
