"""What a failing test says it lacks: the network, a service, a display, room on the disk."""

import re

NETWORK = "the network"
_CAUSES = {
    "a display": r"no display name|\$DISPLAY|couldn't connect to display|cannot (open|connect to) (X )?display"
    r"|could not connect to display|qt\.qpa\.xcb|Unable to init server",
    NETWORK: r"gaierror|herror|getaddrinfo|name lookup failure|name resolution|NameResolutionError"
    r"|Name or service not known"
    r"|Network is unreachable|No address associated with hostname|nodename nor servname|Could not resolve host"
    r"|Network unreachable|ENETUNREACH|No route to host|ServerNotFoundError|ClientConnectorDNSError"
    r"|Failed to resolve|Cannot resolve|all nameservers failed|NoNameservers|NoResolverConfiguration",
    "a service that listens": r"Connection refused|ConnectionRefusedError|ECONNREFUSED|could not connect to server"
    r"|Can't connect to (local )?(MySQL )?server|docker daemon|DockerException|docker\.sock",
    "room on the disk": r"No space left on device|ENOSPC|File too large",
}
_PATTERNS = {cause: re.compile(pattern, re.IGNORECASE) for cause, pattern in _CAUSES.items()}


def lacking(message: str) -> str | None:
    """What is missing in the sandbox, in words; None where the failure's text names nothing of the kind."""
    return next((cause for cause, pattern in _PATTERNS.items() if pattern.search(message)), None)
