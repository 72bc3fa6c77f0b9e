#!/usr/bin/env python3
"""Writes tests/addresses/answers.json: what two other implementations say about addresses. Same bytes every time.

Python's `ipaddress` (is_global) and the crate ssrf-guard (is_public), which has its own folder here. The addresses are the
edges of every range that a registry or a cloud sets apart, IPv4 inside of IPv6 in all its forms, and random ones.
"""

import ipaddress
import json
import pathlib
import platform
import random
import subprocess

HERE = pathlib.Path(__file__).parent
RANDOM = random.Random(5)

# IANA's two registries of special addresses, multicast, what RFCs deprecated, and what clouds use.
NETWORKS = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16 169.254.169.254/32 172.16.0.0/12
192.0.0.0/24 192.0.0.0/29 192.0.0.8/32 192.0.0.9/32 192.0.0.10/32 192.0.0.170/31 192.0.0.192/32 192.0.2.0/24
192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24
203.0.113.0/24 224.0.0.0/4 233.252.0.0/24 239.0.0.0/8 240.0.0.0/4 255.255.255.255/32
::/128 ::1/128 ::/96 ::/8 ::ffff:0:0/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 200::/7
400::/6 1000::/4 2000::/3 2001::/23 2001::/32 2001:1::1/128 2001:1::2/128 2001:1::3/128 2001:2::/48 2001:3::/32
2001:4:112::/48 2001:10::/28 2001:20::/28 2001:30::/28 2001:db8::/32 2002::/16 2620:4f:8000::/48 3ffe::/16 3fff::/20
4000::/3 5f00::/16 6000::/3 8000::/1 fc00::/7 fd00:ec2::254/128 fe80::/10 fec0::/10 ff00::/8
""".split()


def edges(network):
    first, last = int(network.network_address), int(network.broadcast_address)
    numbers = {first - 1, first, first + 1, last - 1, last, last + 1} | {RANDOM.randint(first, last) for _ in range(4)}
    top = 2 ** network.max_prefixlen
    return [type(network.network_address)(number) for number in sorted(numbers) if 0 <= number < top]


def inside_v6(v4):
    number = int(v4)
    for start in ["::", "::ffff:0:0", "::ffff:0:0:0", "64:ff9b::", "64:ff9b:1::"]:
        yield ipaddress.IPv6Address(int(ipaddress.IPv6Address(start)) + number)
    yield ipaddress.IPv6Address((0x2002 << 112) + (number << 80) + 1)
    yield ipaddress.IPv6Address((0x20010000 << 96) + (number << 64) + (number ^ 0xFFFFFFFF))


def addresses():
    for text in NETWORKS:
        for address in edges(ipaddress.ip_network(text)):
            yield address
            if address.version == 4:
                yield from inside_v6(address)
    for _ in range(1000):
        v4 = ipaddress.IPv4Address(RANDOM.getrandbits(32))
        yield v4
        if RANDOM.random() < 0.1:
            yield from inside_v6(v4)
    for _ in range(500):
        yield ipaddress.IPv6Address(RANDOM.getrandbits(128))
        yield ipaddress.IPv6Address((0x2 << 124) + RANDOM.getrandbits(125))


def main():
    unique = sorted(set(addresses()), key=lambda address: (address.version, int(address)))
    text = "".join(f"{address}\n" for address in unique)
    manifest = HERE / "ssrf-guard/Cargo.toml"
    cargo = ["cargo", "run", "--quiet", "--locked", "--manifest-path", manifest, "--target-dir", "/tmp/ask-ssrf-guard"]
    guard = subprocess.run(cargo, input=text, capture_output=True, text=True, check=True).stdout.split()
    assert len(guard) == len(unique)
    lines = [
        json.dumps([str(address), bool(address.is_global), answer == "1"])
        for address, answer in zip(unique, guard)
    ]
    versions = {"python": platform.python_version(), "ssrf-guard": "0.1.0"}
    head = f'{{"versions": {json.dumps(versions)},\n "columns": ["address", "python", "ssrf-guard"],\n "answers": [\n'
    (HERE / "answers.json").write_text(head + ",\n".join(lines) + "\n]}\n")
    print(len(unique), "addresses")


if __name__ == "__main__":
    main()
