"""The certificates that Amazon SNS signs with: fetched once, proved, and kept.

What SNS hands out is as a rule the certificate alone; the authority between it and the root is named in it
(``caIssuers``, RFC 5280 section 4.2.2.1) and has to be fetched too, over plain http, as is usual: it proves itself by
leading to a root that this computer trusts. Only Amazon's own repository (https://www.amazontrust.com/repository/) is
asked for one.

Whether a certificate was valid when it signed is for whoever asks, since a message may be older than the certificate's
end. Revocation is not looked up: AWS alone serves these files, and takes away what it no longer stands by.
"""

import contextlib
import hashlib
import logging
import os
import tempfile
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID

from trayapp.aws.chains import UNREADABLE, Chain, Incomplete, Untrusted
from trayapp.aws.download import DownloadFailed, download

log = logging.getLogger(__name__)

_MOST_BYTES = 64 * 1024
"""Ten times what the longest chain of RSA certificates needs."""

_MOST_SECONDS = 10.0
_MOST_FETCHED = 3
"""How many authorities may be missing between a certificate and its root; in practice it is one."""

_MOST_KEPT = 64
"""SNS has one certificate in each Region, and a new one about once a year."""

_REPOSITORY = "amazontrust.com"


class Unavailable(Exception):  # noqa: N818 - named after what it is
    """The certificate, or what leads from it to a root, cannot be had just now; the text says why, for the log."""


@dataclass(frozen=True, slots=True)
class SigningCertificate:
    """A certificate, as far as it matters to what it signed.

    Attributes:
        key: Its key; ``None`` where it is not of the kind that SNS signs with.
        names: The names that it was issued to.
        begins: Since when it is valid, aware.
        ends: Until when it is valid, aware.
        fault: Why nothing that it signed can be believed, a clause; empty for one that a trusted root answers for.
    """

    key: RSAPublicKey | None
    names: frozenset[str]
    begins: datetime
    ends: datetime
    fault: str = ""


Download = Callable[[str], bytes]


class Certificates:
    """The certificates at hand, in memory and on disk. Safe to use from several threads.

    Args:
        folder: Where they are kept from one start to the next; made when it is needed. Nothing in it is secret, and
            nothing in it is believed without proof.
        get: Gets a file by its address; raises ``DownloadFailed``.
        bundles: Gives the files of the roots that are trusted.
    """

    def __init__(
        self, folder: Path, get: Download | None = None, bundles: Callable[[], Iterable[Path]] | None = None
    ) -> None:
        self._folder = folder
        self._get = get or _get
        self._chain = Chain(bundles) if bundles else Chain()
        self._lock = threading.Lock()
        self._known: dict[str, SigningCertificate] = {}

    def at_hand(self, url: str) -> SigningCertificate | None:
        """Give the certificate of an address if it is at hand, without asking anybody."""
        with self._lock:
            known = self._known.get(url)
        return known or self._kept(url)

    def fetch(self, url: str) -> SigningCertificate:
        """Fetch the certificate of an address, whatever is at hand.

        Args:
            url: Its address, which must already have been found to be one of SNS's own.

        Raises:
            Unavailable: It cannot be had, or cannot be proved, just now.
        """
        found = _parsed(self._download(url))
        if not found:
            raise Unavailable("what came is no certificate")
        leaf, *others = found
        try:
            path = self._completed(leaf, others)
        except Untrusted as reason:
            return self._remember(url, _read(leaf, str(reason)))
        self._keep(url, path)
        return self._remember(url, _read(leaf))

    def _completed(self, leaf: x509.Certificate, others: list[x509.Certificate]) -> list[x509.Certificate]:
        """Give the way from a certificate to a trusted root, fetching what is missing on it."""
        for _ in range(_MOST_FETCHED):
            try:
                return self._chain.of(leaf, others)
            except Incomplete as gap:
                if gap.last is None:
                    raise Unavailable(str(gap)) from None
                others.append(self._issuer(gap.last))
        try:
            return self._chain.of(leaf, others)
        except Incomplete as gap:
            raise Unavailable(str(gap)) from None

    def _issuer(self, certificate: x509.Certificate) -> x509.Certificate:
        for url in _issuer_urls(certificate):
            found = _parsed(self._download(url))
            if found:
                return found[0]
        raise Unavailable("it does not say where its authority's certificate is")

    def _download(self, url: str) -> bytes:
        try:
            return self._get(url)
        except DownloadFailed as failure:
            raise Unavailable(str(failure)) from None

    def _remember(self, url: str, certificate: SigningCertificate) -> SigningCertificate:
        with self._lock:
            self._known.pop(url, None)
            self._known[url] = certificate
            while len(self._known) > _MOST_KEPT:
                del self._known[next(iter(self._known))]
        return certificate

    def _kept(self, url: str) -> SigningCertificate | None:
        """Give what is on disk, proved anew."""
        path = self._path(url)
        try:
            # Not through a link: somebody else's file would be read, and later replaced, in its place.
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
            with open(descriptor, "rb") as file:  # noqa: PTH123 - a descriptor
                found = _parsed(file.read(_MOST_BYTES))
            if not found:
                return None
            self._chain.of(found[0], found[1:])
        except (OSError, Incomplete, Untrusted):
            return None
        return self._remember(url, _read(found[0]))

    def _keep(self, url: str, path: Iterable[x509.Certificate]) -> None:
        """Write a proved way to disk, whole or not at all; without it the certificate is fetched at the next start."""
        text = b"".join(certificate.public_bytes(Encoding.PEM) for certificate in path)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, temporary = tempfile.mkstemp(dir=self._folder)  # owner-only from its first byte
            try:
                with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
                    file.write(text)
                Path(temporary).replace(self._path(url))
            except OSError:
                with contextlib.suppress(OSError):
                    Path(temporary).unlink()
                raise
            self._tidy()
        except OSError as error:
            log.info("a certificate of SNS could not be kept: %s", error)

    def _tidy(self) -> None:
        """Keep the folder from growing for ever."""
        newest_first = sorted(self._folder.glob("*.pem"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in newest_first[_MOST_KEPT:]:
            path.unlink(missing_ok=True)

    def _path(self, url: str) -> Path:
        return self._folder / f"{hashlib.sha256(url.encode()).hexdigest()[:32]}.pem"


def _get(url: str) -> bytes:
    return download(url, most_bytes=_MOST_BYTES, most_seconds=_MOST_SECONDS)


def _parsed(content: bytes) -> list[x509.Certificate]:
    """Read certificates in either of the ways in which they are handed out; none from anything else."""
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificates(content)
        return [x509.load_der_x509_certificate(content)]
    except UNREADABLE:
        return []


def _read(leaf: x509.Certificate, fault: str = "") -> SigningCertificate:
    try:
        key = leaf.public_key()
    except UNREADABLE:
        key = None
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        dns = frozenset(names.get_values_for_type(x509.DNSName))
    except UNREADABLE:
        dns = frozenset()
    return SigningCertificate(
        key=key if isinstance(key, RSAPublicKey) else None,
        names=dns,
        begins=leaf.not_valid_before_utc,
        ends=leaf.not_valid_after_utc,
        fault=fault,
    )


def _issuer_urls(certificate: x509.Certificate) -> list[str]:
    """Give where a certificate says that its authority's is, if that is Amazon's repository."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except UNREADABLE:
        return []
    places = [
        description.access_location.value
        for description in access
        if description.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(description.access_location, x509.UniformResourceIdentifier)
    ]
    return [url for url in places if _is_amazons(url)]


def _is_amazons(url: str) -> bool:
    try:
        parts = urlsplit(url)
        host, port, user = parts.hostname or "", parts.port, parts.username
    except ValueError:
        return False
    ours = host == _REPOSITORY or host.endswith(f".{_REPOSITORY}")
    return parts.scheme in ("http", "https") and ours and port is None and user is None
