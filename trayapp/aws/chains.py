"""From a certificate to a root that this computer trusts.

"Not trusted" is only said of what is proved to be so: of a way that ends at an authority nobody here trusts, or that
leads over a certificate that may not issue others. Where a link is missing, or the verifying library will not have a
way for a reason of its own, nothing is proved either way.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from botocore.httpsession import get_cert_path
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from trayapp.aws.session import ca_bundle
from trayapp.core.language import mark

_MOST_LINKS = 8
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----")


UNREADABLE = (
    ValueError,
    TypeError,
    UnsupportedAlgorithm,
    x509.InvalidVersion,
    x509.ExtensionNotFound,
    x509.DuplicateExtension,
    x509.UnsupportedGeneralNameType,
)
"""What a certificate raises that is not as it should be, at the moment when the odd part of it is asked for."""


class Incomplete(Exception):  # noqa: N818 - named after what it is
    """No way to a trusted root can be shown.

    Attributes:
        last: The certificate whose authority's is missing; ``None`` where it would be of no use.
    """

    def __init__(self, reason: str, last: x509.Certificate | None = None) -> None:
        super().__init__(reason)
        self.last = last


class Untrusted(Exception):  # noqa: N818 - named after what it is
    """The certificate is proved not to lead to a trusted root; the text says how, a clause."""


def trusted_bundles() -> list[Path]:
    """Give the files of trusted roots: the public ones, and those that the surroundings name.

    The public ones count in any case: a company's bundle often holds nothing but the company's own, with which it
    looks into connections, and SNS's certificates come through those as they are.
    """
    return [Path(bundle) for bundle in (get_cert_path(verify=True), ca_bundle()) if bundle]


class Chain:
    """Finds and verifies ways to trusted roots.

    Args:
        bundles: Gives the files of the trusted roots; read anew each time, which is seldom.
    """

    def __init__(self, bundles: Callable[[], Iterable[Path]] = trusted_bundles) -> None:
        self._bundles = bundles

    def of(self, leaf: x509.Certificate, others: Iterable[x509.Certificate]) -> list[x509.Certificate]:
        """Give the way from a certificate to a trusted root, without the root.

        It has to hold at the moment, or, for a certificate whose time is over, at the end of its time: what it signed
        before may still have to be looked at.

        Raises:
            Incomplete: None can be shown.
            Untrusted: It is proved that there is none.
        """
        try:
            path, roots = self._path(leaf, list(others))
        except UNREADABLE:  # names are taken apart only when they are asked for
            raise Incomplete("a name in its certificates cannot be read") from None
        _verify(path, roots)
        return path

    def _path(
        self, leaf: x509.Certificate, others: list[x509.Certificate]
    ) -> tuple[list[x509.Certificate], list[x509.Certificate]]:
        path = [leaf]
        for _ in range(_MOST_LINKS):
            last = path[-1]
            roots = [root for root in self._named(last.issuer) if _issued(root, last)]
            if roots:
                return path, roots
            if _issued(last, last):
                raise Untrusted(mark("its certificate comes from an authority that is not trusted"))
            issuers = [other for other in others if other.subject == last.issuer and _issued(other, last)]
            if not issuers:
                raise Incomplete("an authority between the certificate and its root is missing", last)
            able = [issuer for issuer in issuers if _may_issue(issuer)]
            if not able:
                raise Untrusted(mark("its certificate was issued with one that may not issue any"))
            path.append(able[0])
        raise Incomplete("there are too many authorities between the certificate and its root")

    def _named(self, name: x509.Name) -> list[x509.Certificate]:
        """Give the trusted roots of a name. Of the many in a bundle only these are worth reading."""
        wanted = name.public_bytes()
        found = []
        for bundle in self._bundles():
            try:
                text = bundle.read_bytes()
            except OSError:
                continue
            for block in _PEM.finditer(text):
                try:
                    content = base64.b64decode(block[1])
                    if wanted in content:
                        found.append(x509.load_der_x509_certificate(content))
                except (binascii.Error, *UNREADABLE):
                    continue
        return [root for root in found if root.subject == name]


def _verify(path: list[x509.Certificate], roots: list[x509.Certificate]) -> None:
    leaf, *intermediates = path
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        # Whether the name is the right one is another question, put by whoever knows the topic's Region.
        any_name = x509.DNSName(names.get_values_for_type(x509.DNSName)[0].replace("*", "any"))
        moment = min(max(datetime.now(UTC), leaf.not_valid_before_utc), leaf.not_valid_after_utc)
        verifier = PolicyBuilder().store(Store(roots)).time(moment).build_server_verifier(any_name)
        verifier.verify(leaf, intermediates)
    except (VerificationError, IndexError, *UNREADABLE) as error:
        raise Incomplete(f"the way to its root does not hold ({error})") from None


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """Tell whether one certificate signed another, or itself."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, *UNREADABLE):
        return False
    return True


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except UNREADABLE:
        return False
