"""What is frozen and what is left out, as rules; what came of them is looked at where the package is installed."""

import ast
import gzip
import json
import sys
from pathlib import Path

import botocore
import pytest
from botocore.regions import EndpointResolver

CHECKOUT = Path(__file__).parents[2]
sys.path.insert(0, str(CHECKOUT / "packaging" / "freeze"))

import contents  # noqa: E402 - found by the line above

from trayapp.aws.session import SERVICES  # noqa: E402 - as above

DATA = Path(botocore.__file__).parent / "data"


def test_every_client_that_is_made_is_of_a_service_whose_data_is_kept() -> None:
    made = set()
    for path in (CHECKOUT / "trayapp").rglob("*.py"):
        if "demo" in path.parts:
            continue  # plays AWS out of packages that are not frozen
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Attribute(attr="client"), args=[ast.Constant(value=str(service)), *_]):
                    made.add(service)
                case ast.arg(arg="service", annotation=ast.Subscript(slice=ast.Constant(value=str(service)))):
                    made.add(service)
    assert made == set(SERVICES)


@pytest.mark.parametrize("service", SERVICES)
def test_of_each_service_what_a_client_reads_is_kept(service: str) -> None:
    kept = [path for path in (DATA / service).rglob("*.json.gz") if contents.is_wanted(_place(path))]
    assert {path.name for path in kept} == {"service-2.json.gz", "endpoint-rule-set-1.json.gz"}
    assert json.loads(gzip.decompress(kept[0].read_bytes()))


def test_botocores_other_services_are_left_out() -> None:
    assert contents.is_wanted("botocore/data/partitions.json")
    assert contents.is_wanted("botocore/data/_retry.json")
    assert not contents.is_wanted("botocore/data/ec2/2016-11-15/service-2.json.gz")
    assert not contents.is_wanted("boto3/data/sqs/2012-11-05/resources-1.json")


def test_the_reduced_table_of_addresses_says_the_same_of_what_is_asked() -> None:
    whole = (DATA / "endpoints.json").read_text("utf-8")
    reduced = contents.endpoints(whole)
    before, after = EndpointResolver(json.loads(whole)), EndpointResolver(json.loads(reduced))
    for partition in before.get_available_partitions():
        for service in SERVICES:
            regions = before.get_available_endpoints(service, partition)
            assert after.get_available_endpoints(service, partition) == regions
            for region in regions:
                assert after.construct_endpoint(service, region) == before.construct_endpoint(service, region)
    assert len(reduced) < len(whole) / 10


@pytest.mark.parametrize("name", ["libX11.so.6", "libssl.so.3", "libz.so.1", "libexpat.so.1", "libfontconfig.so.1"])
def test_libraries_of_the_desktop_and_of_security_are_the_systems(name: str) -> None:
    assert not contents.is_wanted(name)


@pytest.mark.parametrize("name", ["libpython3.11.so.1.0", "libtk8.6.so", "pillow.libs/libXau-154567c4.so.6.0.0"])
def test_what_the_program_brings_is_its_own(name: str) -> None:
    assert contents.is_wanted(name)


def test_every_translation_and_the_template_are_inside() -> None:
    inside = {Path(source).relative_to(CHECKOUT) for source, _ in contents.package_data(CHECKOUT)}
    wanted = {
        path.relative_to(CHECKOUT) for pattern in ("*.mo", "*.yaml") for path in (CHECKOUT / "trayapp").rglob(pattern)
    }
    assert wanted
    assert wanted < inside


def _place(path: Path) -> str:
    return str(path.relative_to(DATA.parents[1]))
