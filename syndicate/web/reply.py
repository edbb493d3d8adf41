"""An answer as it leaves the house: a head that was written once, and the body as it lies in memory."""

from syndicate.web.problems import Headers


class Head:
    """Status line and headers, as they go over the wire but for what only the moment of sending knows (Date)."""

    __slots__ = ("block",)

    def __init__(self, status: str, headers: Headers) -> None:
        lines = (f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers))
        self.block = "".join(f"{line}\r\n" for line in lines).encode("latin-1")

    @property
    def status(self) -> str:
        """Code and phrase, as WSGI wants them."""
        return self._lines()[0].removeprefix("HTTP/1.1 ")

    @property
    def headers(self) -> Headers:
        """The headers, as WSGI wants them."""
        pairs = (line.partition(": ") for line in self._lines()[1:])
        return [(name, value) for name, _, value in pairs]

    def _lines(self) -> list[str]:
        return self.block.decode("latin-1").split("\r\n")[:-1]


Reply = tuple[Head, list[bytes]]  # the body is empty, or one piece
NOTHING: list[bytes] = []
