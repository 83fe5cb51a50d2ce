"""What the emulated AWS cannot be brought to say, said by a server that has an answer for each question."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

import pytest

from trayapp.aws.checks.asking import Asker, Refused, Stopped
from trayapp.aws.checks.rounds import guarded
from trayapp.aws.checks.subscription import check_subscription
from trayapp.aws.checks.trail import check_trail
from trayapp.aws.session import Endpoint
from trayapp.core.causes import Cause
from trayapp.core.checks import Check, Checked, Outcome

REGION = "eu-west-1"
TOPIC = f"arn:aws:sns:{REGION}:123456789012:config"
QUEUE = f"arn:aws:sqs:{REGION}:123456789012:alerts"

Reply = tuple[int, str]


class Teller:
    """Answers each question by its name, again and again.

    Attributes:
        replies: The status and the body for each question.
        asked: What was asked, in turn.
    """

    def __init__(self) -> None:
        self.replies: dict[str, Reply] = {}
        self.asked: list[str] = []
        teller = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is http.server's
                """Keep quiet."""

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                target = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
                question = target or parse_qs(body)["Action"][0]
                teller.asked.append(question)
                status, text = teller.replies[question]
                self.send_response_only(status)
                self.send_header("x-amzn-RequestId", "5f1e4c52-6f0d-4f5c-9c0e-0d8f3b6f2a11")
                self.send_header("Content-Length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        """Answer until the block ends."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Go away."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def says(self, question: str, answer: Mapping[str, Any], status: int = 200) -> None:
        """Answer a question of a JSON protocol."""
        self.replies[question] = (status, json.dumps(answer))

    def refuses(self, question: str, code: str = "AccessDeniedException", status: int = 400) -> None:
        """Refuse a question of a JSON protocol."""
        self.says(question, {"__type": code, "message": "no"}, status)

    def lists(self, *subscriptions: tuple[str, str], more: bool = False) -> None:
        """Answer with subscriptions, each by its endpoint and its ARN."""
        members = "".join(
            f"<member><Protocol>sqs</Protocol><Endpoint>{escape(endpoint)}</Endpoint>"
            f"<SubscriptionArn>{escape(arn)}</SubscriptionArn></member>"
            for endpoint, arn in subscriptions
        )
        token = "<NextToken>on</NextToken>" if more else ""
        result = f"<ListSubscriptionsByTopicResult><Subscriptions>{members}</Subscriptions>{token}"
        answer = (
            f"<ListSubscriptionsByTopicResponse>{result}</ListSubscriptionsByTopicResult>"
            "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></ListSubscriptionsByTopicResponse>"
        )
        self.replies["ListSubscriptionsByTopic"] = (200, answer)

    def errs(self, question: str, code: str, status: int) -> None:
        """Answer a question of a query protocol with an error."""
        error = f"<Error><Code>{code}</Code><Message>no</Message></Error><RequestId>1</RequestId>"
        body = f"<ErrorResponse>{error}</ErrorResponse>"
        self.replies[question] = (status, body)


@pytest.fixture
def teller() -> Iterator[Teller]:
    with Teller() as teller:
        yield teller


@pytest.fixture
def asker(teller: Teller, endpoint_at: Callable[[str], Endpoint]) -> Iterator[Asker]:
    asker = Asker(endpoint_at(teller.url))
    yield asker
    asker.let_go()


def trails(*names: str, **parts: Any) -> dict[str, Any]:  # noqa: ANN401 - as AWS writes a trail
    common = {"IsMultiRegionTrail": True, "IncludeGlobalServiceEvents": True, "HasCustomEventSelectors": True, **parts}
    arn = "arn:aws:cloudtrail:us-east-1:123456789012:trail/"
    return {"trailList": [{"Name": name, "TrailARN": arn + name, **common} for name in names]}


def test_event_selectors_are_asked_for_only_where_a_trail_has_its_own(teller: Teller, asker: Asker) -> None:
    teller.says("DescribeTrails", trails("all", HasCustomEventSelectors=False))
    teller.says("GetTrailStatus", {"IsLogging": True})

    (checked,) = check_trail(asker, REGION)

    assert checked.outcome is Outcome.PASSED
    assert teller.asked == ["DescribeTrails", "GetTrailStatus"]


def test_a_trail_made_to_leave_out_what_changes_something_is_told(teller: Teller, asker: Asker) -> None:
    teller.says("DescribeTrails", trails("blinded"))
    teller.says("GetTrailStatus", {"IsLogging": True})
    teller.says("GetEventSelectors", {"EventSelectors": [{"ReadWriteType": "ReadOnly"}]})

    (checked,) = check_trail(asker, REGION)

    assert checked.cause is Cause.TRAIL_OFF
    assert checked.sentence == "the trail blinded leaves out the calls that change something"


def test_the_trails_are_asked_up_to_the_first_good_one_the_widest_first(teller: Teller, asker: Asker) -> None:
    listed = trails("narrow", IsMultiRegionTrail=False)["trailList"] + trails("wide", "wider")["trailList"]
    teller.says("DescribeTrails", {"trailList": listed})
    teller.says("GetTrailStatus", {"IsLogging": True})
    teller.says("GetEventSelectors", {"EventSelectors": [{"ReadWriteType": "All"}]})

    (checked,) = check_trail(asker, REGION)

    assert checked.outcome is Outcome.PASSED
    assert teller.asked == ["DescribeTrails", "GetTrailStatus", "GetEventSelectors"]


def test_trails_that_may_not_be_asked_are_not_taken_for_well(teller: Teller, asker: Asker) -> None:
    teller.says("DescribeTrails", trails("of the organization", "another"))
    teller.refuses("GetTrailStatus")

    with pytest.raises(Refused):
        check_trail(asker, REGION)

    assert teller.asked.count("GetTrailStatus") == 2


@pytest.mark.parametrize(
    ("reply", "cause", "said"),
    [
        ((), Cause.SUBSCRIPTION_GONE, "the topic config does not send to this queue"),
        (((QUEUE + "2", TOPIC + ":1"),), Cause.SUBSCRIPTION_GONE, "the topic config does not send to this queue"),
        (
            ((QUEUE, "PendingConfirmation"),),
            Cause.SUBSCRIPTION_GONE,
            "the subscription to the topic config was never confirmed",
        ),
    ],
)
def test_a_subscription_that_sends_nothing_is_told(
    teller: Teller, asker: Asker, reply: tuple[tuple[str, str], ...], cause: Cause, said: str
) -> None:
    teller.lists(*reply)

    (checked,) = check_subscription(asker, TOPIC, QUEUE)

    assert (checked.outcome, checked.cause, checked.sentence) == (Outcome.FAILED, cause, said)


def test_a_topic_that_is_gone_is_told(teller: Teller, asker: Asker) -> None:
    teller.errs("ListSubscriptionsByTopic", "NotFound", 404)

    (checked,) = check_subscription(asker, TOPIC, QUEUE)

    assert checked.sentence == "the topic config is not there any more"


def test_among_thousands_of_subscribers_the_search_is_given_up_and_that_is_said(teller: Teller, asker: Asker) -> None:
    teller.lists((QUEUE + "2", TOPIC + ":1"), more=True)

    (checked,) = check_subscription(asker, TOPIC, QUEUE)

    assert (checked.outcome, checked.cause) == (Outcome.NOTICE, None)
    assert checked.sentence == "the topic config has too many subscribers to look for this queue among them"
    assert len(teller.asked) == 30


def test_an_error_that_has_no_name_here_is_no_answer(teller: Teller, asker: Asker) -> None:
    teller.errs("ListSubscriptionsByTopic", "InvalidParameter", 400)

    (checked,) = guarded(Check.SUBSCRIPTION, REGION, lambda: check_subscription(asker, TOPIC, QUEUE))

    assert (checked.outcome, checked.cause) == (Outcome.UNANSWERED, Cause.UNCHECKED)
    assert "InvalidParameter" in checked.detail


def test_what_sns_says_in_refusing_is_a_refusal(teller: Teller, asker: Asker) -> None:
    teller.errs("ListSubscriptionsByTopic", "AuthorizationError", 403)

    (checked,) = guarded(Check.SUBSCRIPTION, REGION, lambda: check_subscription(asker, TOPIC, QUEUE))

    assert checked == Checked(
        Check.SUBSCRIPTION,
        Outcome.NOT_GRANTED,
        REGION,
        sentence="this key may not ask whether the topic still sends to this queue",
        detail="AuthorizationError: no",
    )


def test_a_question_that_the_server_does_not_know_is_none_that_the_key_may_not_ask(
    teller: Teller, asker: Asker
) -> None:
    teller.refuses("DescribeTrails", "UnknownOperationException")

    (checked,) = guarded(Check.TRAIL, REGION, lambda: check_trail(asker, REGION))

    assert (checked.outcome, checked.sentence) == (
        Outcome.NOT_GRANTED,
        "this server cannot tell whether CloudTrail logs",
    )


def test_after_closing_no_client_is_made(asker: Asker) -> None:
    asker.close()

    with pytest.raises(Stopped):
        asker.client("sts")
