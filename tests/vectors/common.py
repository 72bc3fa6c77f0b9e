"""What the makers of vectors share: how a case holds its body."""

BOM = b"\xef\xbb\xbf"


def put_body(case, body):
    """As text where that is exact and readable, else as hex."""
    try:
        text = body.decode()
        if body.startswith(BOM) or "\x00" in text:
            raise ValueError
        case["body"] = text
    except ValueError:
        case["bodyHex"] = body.hex()
