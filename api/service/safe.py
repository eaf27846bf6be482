"""Whether the settings may open the service: looked at before anything of it is read or opened."""

from __future__ import annotations

from api.service.certificate import demand_certificate
from api.service.settings import Settings
from graph.errors import UsageError
from graph.language import Text

WITH_PROVIDER = ("oidc_client_id", "oidc_roles", "public_url")


def demand_safe(settings: Settings) -> Text | None:
    """Refuse to open the service to others without TLS, or with half of what a certificate or a provider takes.

    Returns
    -------
    Text or None
        A warning about the certificate.

    Raises
    ------
    UsageError
        When it listens elsewhere than on loopback without a certificate and without trusted proxies, a setting lacks its other half, or
        the certificate and its key cannot be used.
    """
    if (settings.tls_cert is None) != (settings.tls_key is None):
        raise UsageError("--tls-cert 与 --tls-key 要一起给出", "--tls-cert and --tls-key go together")
    if not settings.loopback and settings.tls_cert is None and not settings.behind_proxy:
        raise UsageError(
            f"{settings.host} 不是本机回环地址：请给出 --tls-cert 和 --tls-key，或用 --behind-proxy 指明可信的代理",
            f"{settings.host} is no loopback: give --tls-cert and --tls-key, or name the trusted proxies with --behind-proxy",
        )
    lacking = [name for name in WITH_PROVIDER if not getattr(settings, name)]
    if settings.oidc_issuer and lacking:
        raise UsageError(
            f"有 oidc_issuer 就须有 {'、'.join(lacking)}", f"oidc_issuer needs {', '.join(lacking)} beside it"
        )
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    return demand_certificate(settings.tls_cert, settings.tls_key)
