"""The certificates of SNS are had once, proved each time, and kept where nobody can slip in another."""

import os
import ssl
import stat
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from aws.certificates import self_signed
from aws.servers import HTML, Answer, AnsweringServer
from builders import NOW
from signing import CERTIFICATE_URL, ISSUER_URL, Authority, Signer, der, pem, rsa_key
from trayapp.aws.certificates import Certificates, Unavailable
from trayapp.aws.chains import Chain, trusted_bundles
from trayapp.aws.download import DownloadFailed


class Files:
    """What can be had, by address; everything that was asked for is noted."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}
        self.asked: list[str] = []

    def get(self, url: str) -> bytes:
        self.asked.append(url)
        if url not in self.held:
            raise DownloadFailed("no connection")
        return self.held[url]


class World:
    """A trusted root, an issuer below it, what can be had, and the certificates at hand."""

    def __init__(self, folder: Path) -> None:
        self.root = Authority.root()
        self.issuer = self.root.below()
        self.folder = folder / "certificates"
        self.bundle = self.root.bundle(folder / "roots.pem")
        self.files = Files()
        self.certificates = self.again()

    def again(self) -> Certificates:
        """Give the certificates as a next start of the program has them."""
        return Certificates(self.folder, self.files.get, lambda: [self.bundle])

    def serve(self, *chain: x509.Certificate) -> None:
        self.files.held[CERTIFICATE_URL] = pem(*chain)

    def serve_as_sns_does(self) -> Signer:
        """Serve a certificate alone, its issuer's at Amazon's repository."""
        signer = self.issuer.signer()
        self.serve(signer.certificate)
        self.files.held[ISSUER_URL] = der(self.issuer.certificate)
        return signer

    def fetch(self) -> str:
        """Fetch; give the fault that was found, empty for none."""
        return self.certificates.fetch(CERTIFICATE_URL).fault

    def why_unavailable(self) -> str:
        with pytest.raises(Unavailable) as unavailable:
            self.certificates.fetch(CERTIFICATE_URL)
        assert self.certificates.at_hand(CERTIFICATE_URL) is None
        return str(unavailable.value)

    def kept(self) -> list[Path]:
        return sorted(self.folder.iterdir()) if self.folder.is_dir() else []


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_nothing_is_at_hand_at_first_and_nobody_is_asked(world: World) -> None:
    assert world.certificates.at_hand(CERTIFICATE_URL) is None
    assert not world.files.asked
    assert not world.folder.exists()


def test_a_certificate_comes_alone_and_its_issuer_from_amazons_repository(world: World) -> None:
    signer = world.serve_as_sns_does()
    found = world.certificates.fetch(CERTIFICATE_URL)
    assert found.fault == ""
    assert found.names == {"sns.amazonaws.com"}
    assert found.key is not None
    assert found.key.public_numbers() == signer.key.public_key().public_numbers()
    assert (found.begins, found.ends) == (NOW - timedelta(days=200), NOW + timedelta(days=200))
    assert world.files.asked == [CERTIFICATE_URL, ISSUER_URL]
    assert world.certificates.at_hand(CERTIFICATE_URL) is found


def test_one_that_brings_its_issuer_needs_nothing_else(world: World) -> None:
    world.serve(world.issuer.signer().certificate, world.issuer.certificate)
    assert world.fetch() == ""
    assert world.files.asked == [CERTIFICATE_URL]


def test_one_that_brings_more_than_it_needs_is_as_good(world: World) -> None:
    stranger = Authority.root("Somebody else")
    world.serve(
        world.issuer.signer().certificate, stranger.certificate, world.root.certificate, world.issuer.certificate
    )
    assert world.fetch() == ""


def test_the_repository_may_write_in_either_way(world: World) -> None:
    world.serve_as_sns_does()
    world.files.held[ISSUER_URL] = pem(world.issuer.certificate)
    assert world.fetch() == ""


def test_several_issuers_may_be_missing(world: World) -> None:
    top = world.root.below("top")
    middle = top.below("middle", issuer_url="http://crt.top.amazontrust.com/top.cer")
    world.serve(middle.signer().certificate, middle.certificate)
    assert "does not say where" in world.why_unavailable()  # authorities of the tests name nobody
    world.serve(middle.signer().certificate, middle.certificate, top.certificate)
    assert world.fetch() == ""


# Kept on disk


def test_it_is_at_hand_at_the_next_start(world: World) -> None:
    world.serve_as_sns_does()
    found = world.certificates.fetch(CERTIFICATE_URL)
    world.files.held.clear()
    again = world.again().at_hand(CERTIFICATE_URL)
    assert again is not None
    assert (again.names, again.begins, again.ends, again.fault) == (found.names, found.begins, found.ends, "")
    assert world.files.asked == [CERTIFICATE_URL, ISSUER_URL]


def test_what_is_kept_is_its_owners_alone(world: World) -> None:
    world.serve_as_sns_does()
    world.fetch()
    assert stat.S_IMODE(world.folder.stat().st_mode) == 0o700
    assert [stat.S_IMODE(path.stat().st_mode) for path in world.kept()] == [0o600]


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "cut": lambda text: text[: len(text) // 3],
    "noise": lambda _: os.urandom(500),
    "text": lambda _: b"hello",
    "changed": lambda text: text.replace(b"A", b"B", 1),
    "without its issuer": lambda text: text[: text.index(b"-----END") + 26],
    "endless": lambda text: b"\n" * 100_000 + text,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_what_was_kept_and_is_spoilt_is_fetched_anew(world: World, spoil: Callable[[bytes], bytes]) -> None:
    world.serve_as_sns_does()
    world.fetch()
    (path,) = world.kept()
    path.write_bytes(spoil(path.read_bytes()))
    again = world.again()
    assert again.at_hand(CERTIFICATE_URL) is None
    assert again.fetch(CERTIFICATE_URL).fault == ""
    assert world.again().at_hand(CERTIFICATE_URL) is not None


def test_what_somebody_slipped_in_is_not_believed(world: World) -> None:
    world.serve_as_sns_does()
    world.fetch()
    (path,) = world.kept()
    stranger = Authority.root("Somebody else")
    path.write_bytes(pem(stranger.signer().certificate, stranger.certificate))
    assert world.again().at_hand(CERTIFICATE_URL) is None


def test_what_no_root_answers_for_any_more_is_not_believed(world: World) -> None:
    world.serve_as_sns_does()
    world.fetch()
    Authority.root("Another").bundle(world.bundle)
    assert world.again().at_hand(CERTIFICATE_URL) is None


def test_no_link_is_followed(world: World, tmp_path: Path) -> None:
    world.serve_as_sns_does()
    world.fetch()
    (path,) = world.kept()
    elsewhere = path.rename(tmp_path / "elsewhere.pem")
    path.symlink_to(elsewhere)
    before = elsewhere.read_bytes()
    again = world.again()
    assert again.at_hand(CERTIFICATE_URL) is None
    again.fetch(CERTIFICATE_URL)
    assert elsewhere.read_bytes() == before
    assert not path.is_symlink()


def test_a_disk_that_takes_nothing_costs_only_the_next_fetch(world: World) -> None:
    world.serve_as_sns_does()
    world.folder.write_text("in the way")
    assert world.fetch() == ""
    assert world.certificates.at_hand(CERTIFICATE_URL) is not None
    assert world.again().at_hand(CERTIFICATE_URL) is None


def test_what_cannot_be_replaced_leaves_nothing_behind(world: World) -> None:
    world.serve_as_sns_does()
    world.fetch()
    (path,) = world.kept()
    path.unlink()
    path.mkdir()
    assert world.again().fetch(CERTIFICATE_URL).fault == ""
    assert world.kept() == [path]


def test_neither_memory_nor_disk_grows_without_end(world: World) -> None:
    chain = pem(world.issuer.signer().certificate, world.issuer.certificate)
    urls = [CERTIFICATE_URL.replace("-0", f"-{number:x}") for number in range(80)]
    for number, url in enumerate(urls):
        world.files.held[url] = chain
        world.certificates.fetch(url)
        os.utime(max(world.kept(), key=lambda path: path.stat().st_ctime_ns), (number, number))
    assert len(world.kept()) == 64
    assert len(world.certificates._known) == 64
    assert world.certificates.at_hand(urls[-1]) is not None


# What cannot be had is no forgery


def test_no_connection_is_no_forgery(world: World) -> None:
    assert world.why_unavailable() == "no connection"


@pytest.mark.parametrize("content", [b"", b"<html>sign in</html>", b"-----BEGIN CERTIFICATE-----\nAAAA\n", b"\x30\x82"])
def test_what_is_no_certificate_is_no_forgery(world: World, content: bytes) -> None:
    world.files.held[CERTIFICATE_URL] = content
    assert world.why_unavailable() == "what came is no certificate"


def test_an_issuer_that_cannot_be_had_is_no_forgery(world: World) -> None:
    world.serve_as_sns_does()
    del world.files.held[ISSUER_URL]
    assert world.why_unavailable() == "no connection"
    assert not world.kept()


def test_a_page_in_the_issuers_place_is_no_forgery(world: World) -> None:
    world.serve_as_sns_does()
    world.files.held[ISSUER_URL] = b"<html>sign in</html>"
    assert world.why_unavailable()


def test_another_issuer_in_its_place_is_no_forgery_and_does_not_go_on_for_ever(world: World) -> None:
    world.serve_as_sns_does()
    world.files.held[ISSUER_URL] = der(world.root.below("Issuer of the tests").certificate)
    assert "missing" in world.why_unavailable()
    assert len(world.files.asked) == 4


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/r2m01.cer",
        "http://crt.r2m01.amazontrust.com.evil.example/r2m01.cer",
        "http://evilamazontrust.com/r2m01.cer",
        "http://crt.r2m01.amazontrust.com:8080/r2m01.cer",
        "http://user@crt.r2m01.amazontrust.com/r2m01.cer",
        "http://evil.example/@crt.r2m01.amazontrust.com",
        "http://evil.example#amazontrust.com",
        "ftp://crt.r2m01.amazontrust.com/r2m01.cer",
        "ldap://crt.r2m01.amazontrust.com/r2m01.cer",
        "file:///etc/passwd",
        "http://[",
        "http://169.254.169.254/latest/meta-data",
        "",
    ],
)
def test_no_other_place_is_asked_for_an_issuer(world: World, url: str) -> None:
    world.serve(world.issuer.signer(issuer_url=url).certificate)
    world.files.held[url] = der(world.issuer.certificate)
    assert "does not say where" in world.why_unavailable()
    assert world.files.asked == [CERTIFICATE_URL]


def test_a_way_that_the_verifier_will_not_have_proves_nothing(world: World) -> None:
    world.serve(world.issuer.signer(usage=ExtendedKeyUsageOID.CODE_SIGNING).certificate, world.issuer.certificate)
    assert "does not hold" in world.why_unavailable()


def test_an_issuer_whose_time_is_over_proves_nothing(world: World) -> None:
    old = world.root.below("old", ends=NOW - timedelta(days=100), begins=NOW - timedelta(days=300))
    world.serve(old.signer().certificate, old.certificate)
    assert "does not hold" in world.why_unavailable()


def test_more_authorities_than_anybody_has_prove_nothing(world: World) -> None:
    way = [world.root]
    for number in range(9):
        way.append(way[-1].below(f"authority {number}"))
    world.serve(way[-1].signer().certificate, *(authority.certificate for authority in way[1:]))
    assert "too many" in world.why_unavailable()


def test_a_certificate_whose_time_is_over_is_had_all_the_same(world: World) -> None:
    signer = world.issuer.signer(begins=NOW - timedelta(days=90), ends=NOW - timedelta(days=60))
    world.serve(signer.certificate, world.issuer.certificate)
    assert world.fetch() == ""
    found = world.again().at_hand(CERTIFICATE_URL)
    assert found is not None
    assert found.ends == NOW - timedelta(days=60)


# What is proved to be wrong


def test_an_authority_that_nobody_trusts_is_a_fault(world: World) -> None:
    stranger = Authority.root("Root of the tests")  # of the same name
    world.serve(stranger.signer().certificate, stranger.certificate)
    assert world.fetch() == "its certificate comes from an authority that is not trusted"
    assert not world.kept()


def test_a_certificate_that_answers_for_itself_is_a_fault(world: World) -> None:
    world.serve(Authority.root("sns.amazonaws.com").certificate)
    assert world.fetch() == "its certificate comes from an authority that is not trusted"


def test_what_was_issued_by_one_who_may_not_is_a_fault(world: World) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    customer = world.issuer.signer("www.example.com", key=key)
    posing = Authority(customer.certificate, key).signer()
    world.serve(posing.certificate, customer.certificate, world.issuer.certificate)
    assert world.fetch() == "its certificate was issued with one that may not issue any"


def test_an_issuer_that_says_nothing_of_issuing_is_a_fault(world: World) -> None:
    old = world.root.below("old", constrained=False)
    world.serve(old.signer().certificate, old.certificate)
    assert world.fetch() == "its certificate was issued with one that may not issue any"


def test_a_fault_is_remembered_but_not_kept(world: World) -> None:
    world.serve(Authority.root("sns.amazonaws.com").certificate)
    world.fetch()
    found = world.certificates.at_hand(CERTIFICATE_URL)
    assert found is not None
    assert found.fault
    world.serve_as_sns_does()
    assert world.again().fetch(CERTIFICATE_URL).fault == ""


def test_a_key_of_another_kind_is_none(world: World) -> None:
    signer = world.issuer.signer(key=ec.generate_private_key(ec.SECP256R1()))
    world.serve(signer.certificate, world.issuer.certificate)
    assert world.certificates.fetch(CERTIFICATE_URL).key is None


# Whom this computer trusts


def test_the_public_roots_are_trusted_and_amazons_is_among_them() -> None:
    (public,) = trusted_bundles()
    trusted = ssl.create_default_context(cafile=str(public)).get_ca_certs(binary_form=True)
    (amazon,) = (
        root
        for root in (x509.load_der_x509_certificate(content) for content in trusted if b"Amazon Root CA 1" in content)
        if root.subject == root.issuer
    )
    assert Chain()._named(amazon.subject) == [amazon]


def test_a_companys_bundle_is_trusted_beside_the_public_ones(
    world: World, bundle: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    world.root.bundle(bundle)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    assert len(trusted_bundles()) == 2
    world.serve_as_sns_does()
    assert Certificates(tmp_path / "x", world.files.get).fetch(CERTIFICATE_URL).fault == ""


def test_an_unknown_authority_is_not_trusted_by_chance(world: World, tmp_path: Path) -> None:
    world.serve(world.issuer.signer().certificate, world.issuer.certificate, world.root.certificate)
    assert Certificates(tmp_path / "x", world.files.get).fetch(CERTIFICATE_URL).fault


def test_a_bundle_that_is_not_there_or_no_bundle_is_passed_over(world: World, tmp_path: Path) -> None:
    noise = tmp_path / "noise.pem"
    name = world.root.certificate.subject.public_bytes()
    noise.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n" + name)
    certificates = Certificates(world.folder, world.files.get, lambda: [tmp_path / "none.pem", noise, world.bundle])
    world.serve_as_sns_does()
    assert certificates.fetch(CERTIFICATE_URL).fault == ""


# Over a real line


@pytest.fixture
def over_tls(bundle: Path, monkeypatch: pytest.MonkeyPatch, world: World) -> Iterator[Callable[[Answer], Certificates]]:
    """Give what makes a server, and the certificates that come from it; called once."""
    tls = self_signed(bundle)
    monkeypatch.setenv("AWS_CA_BUNDLE", str(bundle))
    servers: list[AnsweringServer] = []

    def make(answer: Answer) -> Certificates:
        server = AnsweringServer(answer, tls)
        server.__enter__()
        servers.append(server)
        certificates = Certificates(world.folder, bundles=lambda: [world.bundle])
        world.files.asked = [f"{server.url}/SimpleNotificationService-0.pem"]
        return certificates

    yield make
    for server in servers:
        server.__exit__(None, None, None)


def test_a_chain_is_had_over_tls(world: World, over_tls: Callable[[Answer], Certificates]) -> None:
    chain = pem(world.issuer.signer(key=rsa_key("tls")).certificate, world.issuer.certificate)
    certificates = over_tls(Answer(body=chain))
    assert certificates.fetch(world.files.asked[0]).fault == ""


@pytest.mark.parametrize(
    "answer",
    [
        Answer(body=b"<html>sign in</html>", headers=HTML),
        Answer(302, b"", {"Location": "https://portal.example/"}),
        Answer(503, b"<html>busy</html>", HTML),
        Answer(404, b"<Error/>"),
        Answer(body=b"-----BEGIN CERTIFICATE-----\n" * 10_000),
        Answer(body=b"-----BEGIN CERTIFICATE-----\nMIIF", missing=2000),
    ],
    ids=["portal", "redirect", "busy", "missing", "huge", "cut"],
)
def test_faults_on_the_line_are_no_forgeries(
    world: World, over_tls: Callable[[Answer], Certificates], answer: Answer
) -> None:
    certificates = over_tls(answer)
    with pytest.raises(Unavailable):
        certificates.fetch(world.files.asked[0])
