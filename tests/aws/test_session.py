"""The clients take nothing from their surroundings but the way out of the network."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import SSLError
from botocore.loaders import Loader

from aws.certificates import self_signed
from aws.servers import Answer, AnsweringServer, SilentServer
from trayapp.aws.keys import AccessKey
from trayapp.aws.session import Endpoint, ca_bundle, polling_client, queue_client

QUEUE_URL = "https://sqs.eu-west-1.amazonaws.com/123456789012/inbox"
PROBE = Path(__file__).with_name("session_probe.py")

MakeEndpoint = Callable[[str], Endpoint]

ELSEWHERE = "http://127.0.0.1:9/elsewhere"

CONFIG = f"""\
[default]
region = sa-east-1
endpoint_url = {ELSEWHERE}
retry_mode = adaptive
max_attempts = 9
use_fips_endpoint = true
use_dualstack_endpoint = true
ca_bundle = /nowhere/bundle.pem
defaults_mode = mobile
sdk_ua_app_id = SOMEBODY
credential_process = /bin/sh -c "touch {{home}}/ran; exit 1"
services = mine
request_min_compression_size_bytes = 1
tcp_keepalive = false
ignore_configured_endpoint_urls = false
sigv4a_signing_region_set = *
auth_scheme_preference = sigv4a
[services mine]
sqs =
  endpoint_url = {ELSEWHERE}
sts =
  endpoint_url = {ELSEWHERE}
[plugins]
evil = plugin_of_the_home
"""

CREDENTIALS = """\
[default]
aws_access_key_id = AKIAFROMTHEFILES0000
aws_secret_access_key = from-the-files
[trap]
role_arn = arn:aws:iam::123456789012:role/trap
source_profile = trap
"""


@pytest.fixture
def hostile_home(tmp_path: Path) -> Path:
    """Give a home whose files send AWS's own tools astray."""
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws" / "config").write_text(CONFIG.format(home=home))
    (home / ".aws" / "credentials").write_text(CREDENTIALS)
    for folder in (home / ".aws" / "models", home / "data"):
        for service, version in (("sqs", "2012-11-05"), ("sts", "2011-06-15"), ("sqs", "2099-01-01")):
            model = folder / service / version / "service-2.json"
            model.parent.mkdir(parents=True)
            model.write_text("{}")
        (folder / "endpoints.json").write_text("{}")
    return home


@pytest.fixture
def hostile_variables(hostile_home: Path) -> dict[str, str]:
    """Give all the variables by which AWS's own tools can be led astray."""
    return {
        "AWS_PROFILE": "missing",
        "AWS_DEFAULT_PROFILE": "missing",
        "AWS_CONFIG_FILE": str(hostile_home / ".aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(hostile_home / ".aws" / "credentials"),
        "AWS_ACCESS_KEY_ID": "AKIAFROMVARIABLES000",
        "AWS_SECRET_ACCESS_KEY": "from-the-variables",
        "AWS_SESSION_TOKEN": "token-of-the-variables",
        "AWS_SECURITY_TOKEN": "token-of-the-variables",
        "AWS_REGION": "sa-east-1",
        "AWS_DEFAULT_REGION": "sa-east-1",
        "AWS_ENDPOINT_URL": ELSEWHERE,
        "AWS_ENDPOINT_URL_SQS": ELSEWHERE,
        "AWS_ENDPOINT_URL_STS": ELSEWHERE,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_MAX_ATTEMPTS": "9",
        "AWS_RETRY_MODE": "bogus",
        "AWS_DEFAULTS_MODE": "bogus",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_SDK_UA_APP_ID": "SOMEBODY",
        "AWS_DATA_PATH": str(hostile_home / "data"),
        "AWS_STS_REGIONAL_ENDPOINTS": "bogus",
        "AWS_ACCOUNT_ID_ENDPOINT_MODE": "bogus",
        "AWS_REQUEST_CHECKSUM_CALCULATION": "bogus",
        "AWS_AUTH_SCHEME_PREFERENCE": "sigv4a",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": ELSEWHERE,
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/elsewhere",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/nowhere/token",
        "AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/somebody",
        "AWS_BEARER_TOKEN_BEDROCK": "bearer",
        "AWS_CA_BUNDLE": "/nowhere/bundle.pem",
        "BOTO_CONFIG": str(hostile_home / ".aws" / "config"),
    }


def run(home: Path, variables: dict[str, str], *argv: str) -> subprocess.CompletedProcess[str]:
    surroundings = {"HOME": str(home), "PATH": "/usr/bin:/bin", **variables}
    return subprocess.run(
        [sys.executable, *argv], env=surroundings, capture_output=True, text=True, timeout=60, check=False
    )


def probe(home: Path, variables: dict[str, str], url: str) -> dict[str, Any]:
    done = run(home, variables, str(PROBE), url)
    assert done.returncode == 0, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    assert [path for path in report["opened"] if str(home) in path or path == os.devnull] == []
    models = [path for path in report["opened"] if Path(path).name.startswith("service-2.json")]
    # One for each service, though there are three clients: every client after the first is nearly free.
    assert sorted(Path(model).relative_to(Loader.BUILTIN_DATA_PATH).parts[0] for model in models) == ["sqs", "sts"]
    assert report["ran"] == []
    assert not (home / "ran").exists()
    return report


@pytest.mark.parametrize("source", ["everything", "the files", "the models", "one variable"])
def test_the_hostile_surroundings_do_lead_a_plain_client_astray(
    source: str, hostile_home: Path, hostile_variables: dict[str, str]
) -> None:
    plain = (
        "import boto3; c = boto3.client('sqs', region_name='eu-west-1', aws_access_key_id='a',"
        " aws_secret_access_key='b'); print(c.meta.endpoint_url)"
    )
    models = hostile_home / ".aws" / "models"
    if source != "the models":
        models.rename(hostile_home / "models")
    if source != "the files":
        (hostile_home / ".aws" / "config").rename(hostile_home / "config")
    variables = {"everything": hostile_variables, "one variable": {"AWS_ENDPOINT_URL_SQS": ELSEWHERE}}
    done = run(hostile_home, variables.get(source, {}), "-c", plain)
    assert ELSEWHERE in done.stdout or done.returncode != 0
    calm = run(hostile_home / "data", {}, "-c", plain)
    assert calm.stdout.strip() == "https://sqs.eu-west-1.amazonaws.com", calm.stderr


@pytest.mark.parametrize("config", ["hostile", "malformed", "not text"])
def test_clients_go_where_they_are_sent_with_the_key_they_are_given(
    hostile_home: Path, hostile_variables: dict[str, str], config: str
) -> None:
    if config == "malformed":
        (hostile_home / ".aws" / "config").write_text(CONFIG + "\n[profile broken\n")
    elif config == "not text":
        (hostile_home / ".aws" / "config").write_bytes(b"\xff\xfe\x00[default")
    with AnsweringServer(Answer()) as server:
        report = probe(hostile_home, hostile_variables, server.url)
        requests = server.requests
    port = int(server.url.rpartition(":")[2])
    assert set(report["connected"]) == {str(("127.0.0.1", port))}
    assert report["outcomes"][:2] == ["answered", "answered"]
    targets = [request.headers.get("X-Amz-Target") for request in requests]
    assert targets[:2] == ["AmazonSQS.ReceiveMessage", "AmazonSQS.DeleteMessageBatch"]
    assert b"Action=GetCallerIdentity" in requests[2].body
    for request in requests:
        signed = request.headers["Authorization"]
        assert re.search(r"Credential=AKIAIOSFODNN7EXAMPLE/\d{8}/eu-west-1/(sqs|sts)/aws4_request", signed)
        assert "X-Amz-Security-Token" not in request.headers
        assert "SOMEBODY" not in request.headers["User-Agent"]
        assert "trayapp/" in request.headers["User-Agent"]
    assert requests[0].headers["Host"] == f"127.0.0.1:{port}"


def test_without_an_address_they_go_to_aws_itself_through_the_proxy(
    hostile_home: Path, hostile_variables: dict[str, str]
) -> None:
    with AnsweringServer(Answer(503, b"", {})) as proxy:
        report = probe(hostile_home, {**hostile_variables, "HTTPS_PROXY": proxy.url}, "")
        asked = [request.line.split()[:2] for request in proxy.requests]
    assert report["endpoints"] == [
        "https://sqs.eu-west-1.amazonaws.com",
        "https://sqs.eu-west-1.amazonaws.com",
        "https://sts.eu-west-1.amazonaws.com",
    ]
    assert set(report["outcomes"]) == {"ProxyConnectionError"}
    sqs, sts = ["CONNECT", "sqs.eu-west-1.amazonaws.com:443"], ["CONNECT", "sts.eu-west-1.amazonaws.com:443"]
    # The poll is tried once, since its loop has to be ended at once; the short calls three times and twice.
    assert asked == [sqs] + 3 * [sqs] + 2 * [sts]


def test_an_address_that_needs_no_proxy_is_asked_directly(
    endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    with AnsweringServer(Answer()) as server, SilentServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://{proxy.address}")
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        queue_client(endpoint_at(server.url)).receive_message(QueueUrl=QUEUE_URL)
        assert len(server.requests) == 1
        assert not proxy.heard.acquire(blocking=False)


@pytest.mark.parametrize(
    ("region", "host"),
    [("us-east-1", "sqs.us-east-1.amazonaws.com"), ("cn-north-1", "sqs.cn-north-1.amazonaws.com.cn")],
)
def test_a_region_has_its_own_address(region: str, host: str, key: AccessKey) -> None:
    client = polling_client(Endpoint(region, key))
    assert client.meta.endpoint_url == f"https://{host}"
    assert client.meta.region_name == region


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
@pytest.mark.parametrize("make", [polling_client, queue_client])
def test_a_ca_bundle_that_the_surroundings_name_is_trusted(
    variable: str,
    make: Callable[[Endpoint], Any],
    endpoint_at: MakeEndpoint,
    bundle: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with AnsweringServer(Answer(), self_signed(bundle)) as server:
        with pytest.raises(SSLError):
            make(endpoint_at(server.url)).receive_message(QueueUrl=QUEUE_URL)
        monkeypatch.setenv(variable, str(bundle))
        assert make(endpoint_at(server.url)).receive_message(QueueUrl=QUEUE_URL)["ResponseMetadata"]


def test_the_ca_bundle_meant_for_aws_comes_first(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "other.pem"
    for path in (bundle, other):
        path.touch()
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    assert ca_bundle() == str(bundle)


@pytest.mark.parametrize("named", ["", "/nowhere/bundle.pem", "/"])
def test_a_ca_bundle_without_a_file_behind_it_is_passed_over(
    named: str, bundle: Path, endpoint_at: MakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CA_BUNDLE", named)
    assert ca_bundle() is None
    with AnsweringServer(Answer(), self_signed(bundle)) as server:
        with pytest.raises(SSLError, match="certificate verify failed"):
            polling_client(endpoint_at(server.url)).receive_message(QueueUrl=QUEUE_URL)
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
        assert ca_bundle() == str(bundle)
