//! The address rules against two other implementations: committed answers, and fresh random addresses for Python.
//! Where we differ on purpose is data, with the reason; every difference is that we refuse more.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::expect_used)]

use std::collections::BTreeSet;
use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::process::{Command, Stdio};

use countersign::endpoint::{EndpointCode, Network, UrlPolicy, judge_address};
use proptest::prelude::*;
use serde_json::Value;

const ANSWERS: &str = include_str!("addresses/answers.json");
const DIFFERENCES: &str = include_str!("addresses/differences.json");

fn is_public(address: IpAddr) -> bool {
    judge_address(address, &UrlPolicy::new()).is_ok()
}

/// Where another implementation says "public" and we do not.
struct Difference {
    oracle: String,
    network: Network,
    /// Seen in newer versions than the one that gave the committed answers.
    newer: bool,
}

fn differences() -> Vec<Difference> {
    let read: Vec<Value> = serde_json::from_str(DIFFERENCES).unwrap();
    let one = |value: &Value| {
        assert!(value["because"].as_str().unwrap().ends_with('.'));
        Difference {
            oracle: value["oracle"].as_str().unwrap().into(),
            network: value["network"].as_str().unwrap().parse().unwrap(),
            newer: value["newer"] == true,
        }
    };
    read.iter().map(one).collect()
}

/// The difference that explains this answer; a panic where none does.
fn explain(differences: &[Difference], oracle: &str, address: IpAddr, says: bool) -> Option<usize> {
    let ours = is_public(address);
    if ours == says {
        return None;
    }
    assert!(says, "{address}: {oracle} refuses it and we do not");
    let found = differences.iter().position(|d| d.oracle == oracle && d.network.contains(address));
    Some(found.unwrap_or_else(|| panic!("{address}: {oracle} says public, we refuse, and no difference explains it")))
}

#[test]
fn committed_answers_agree_or_differ_for_a_reason() {
    let file: Value = serde_json::from_str(ANSWERS).unwrap();
    let answers = file["answers"].as_array().unwrap();
    assert!(answers.len() > 3000, "{}", answers.len());
    let differences = differences();
    let mut used = BTreeSet::new();
    let mut public = 0;
    for answer in answers {
        let address: IpAddr = answer[0].as_str().unwrap().parse().unwrap();
        public += u32::from(is_public(address));
        for (column, oracle) in [(1, "python"), (2, "ssrf-guard")] {
            used.extend(explain(&differences, oracle, address, answer[column].as_bool().unwrap()));
        }
    }
    assert!(public > 1000, "only {public} public addresses: the comparison would prove little");
    for (at, difference) in differences.iter().enumerate() {
        assert!(
            difference.newer || used.contains(&at),
            "{} {} explains nothing",
            difference.oracle,
            difference.network
        );
    }
}

/// Another seed every time; a failure names the address.
#[test]
fn fresh_addresses_agree_with_python() {
    let script =
        "import ipaddress, sys\nfor line in sys.stdin: print(int(ipaddress.ip_address(line.strip()).is_global))";
    let python = Command::new("python3").args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut python) = python else {
        assert!(std::env::var_os("COUNTERSIGN_NO_SKIP").is_none(), "python3 is missing");
        println!("left out: python3 is missing");
        return;
    };
    let seed = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos() as u64;
    println!("seed {seed}");
    let mut random = SplitMix(seed);
    let addresses: Vec<IpAddr> = (0..20_000)
        .map(|at| match at % 4 {
            0 => IpAddr::V4(Ipv4Addr::from_bits(random.next() as u32)),
            1 => IpAddr::V6(Ipv6Addr::from_bits(random.next_u128())),
            2 => IpAddr::V6(Ipv6Addr::from_bits((0b001 << 125) | (random.next_u128() >> 3))),
            _ => near_a_special_range(&mut random),
        })
        .collect();
    let text: String = addresses.iter().map(|address| format!("{address}\n")).collect();
    // Written from another thread, or both sides could wait for each other.
    let mut input = python.stdin.take().unwrap();
    let writer = std::thread::spawn(move || input.write_all(text.as_bytes()).unwrap());
    let output = python.wait_with_output().unwrap();
    writer.join().unwrap();
    let answers: Vec<bool> = String::from_utf8(output.stdout).unwrap().lines().map(|line| line == "1").collect();
    assert_eq!(answers.len(), addresses.len());
    let differences = differences();
    for (address, says) in addresses.into_iter().zip(answers) {
        explain(&differences, "python", address, says);
    }
}

/// A random address in or next to a special range, since uniform ones hardly ever are.
fn near_a_special_range(random: &mut SplitMix) -> IpAddr {
    let ranges: &[&str] = &[
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "::/96",
        "::ffff:0:0:0/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",
        "2001:db8::/32",
        "2002::/16",
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    ];
    let (first, prefix) = ranges[(random.next() % ranges.len() as u64) as usize].split_once('/').unwrap();
    let prefix: u32 = prefix.parse().unwrap();
    // One bit more than the range has, so that half of them lie beside it.
    match first.parse().unwrap() {
        IpAddr::V4(first) => {
            let near = Ipv4Addr::from_bits(first.to_bits() ^ ((random.next() as u32) >> (prefix - 1)));
            if random.next() >> 63 == 0 { near.into() } else { near.to_ipv6_mapped().into() }
        }
        IpAddr::V6(first) => IpAddr::V6(Ipv6Addr::from_bits(first.to_bits() ^ (random.next_u128() >> (prefix - 1)))),
    }
}

struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn next_u128(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }
}

proptest! {
    /// However an IPv4 address is dressed up, it is never judged more kindly; mapped and NAT64 are judged the same.
    #[test]
    fn ipv4_inside_ipv6_is_judged_as_ipv4(bits: u32, special in any::<bool>(), which in 0usize..6) {
        let start = [0x0a00_0000u32, 0x7f00_0000, 0xa9fe_0000, 0xc0a8_0000, 0, 0xa83f_8110][which];
        let bits = if special { start | (bits & 0xffff) } else { bits };
        let v4 = Ipv4Addr::from_bits(bits);
        let public = is_public(v4.into());
        let at = |start: u128| is_public(Ipv6Addr::from_bits(start | u128::from(bits)).into());
        prop_assert_eq!(is_public(v4.to_ipv6_mapped().into()), public);
        prop_assert_eq!(at(0x64_ff9b << 96), public);
        for never in [0u128, 0xffff << 48, 0x0064_ff9b_0001 << 80, 0x2002 << 112, 0x2001 << 112] {
            prop_assert!(!at(never));
        }
        let strict = UrlPolicy::new().refuse_nat64();
        prop_assert!(judge_address(Ipv6Addr::from_bits((0x64_ff9b << 96) | u128::from(bits)).into(), &strict).is_err());
    }

    /// A network contains exactly the addresses that begin with its bits, and reads back as it is written.
    #[test]
    fn networks_are_prefixes(bits: u128, prefix in 0u8..=128, other: u128, v4 in any::<bool>()) {
        let width = if v4 { 32 } else { 128 };
        let prefix = prefix.min(width);
        let address = |bits: u128| -> IpAddr {
            if v4 { Ipv4Addr::from_bits((bits >> 96) as u32).into() } else { Ipv6Addr::from_bits(bits).into() }
        };
        let mask = u128::MAX.checked_shl(128 - u32::from(prefix)).unwrap_or(0);
        let first = address(bits & mask);
        prop_assume!(first.to_canonical() == first);
        let network: Network = format!("{first}/{prefix}").parse().unwrap();
        prop_assert_eq!(network.to_string(), format!("{first}/{prefix}"));
        let near = (bits & mask) | (other & !mask);
        if address(near).to_canonical() == address(near) {
            prop_assert!(network.contains(address(near)));
        }
        if prefix > 0 {
            let outside = near ^ (1 << (128 - u32::from(prefix)));
            prop_assert!(!network.contains(address(outside)));
        }
    }
}

#[test]
fn networks_are_read_strictly() {
    for text in [
        "",
        "/",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.1/8",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/08 ",
        "10/8",
        "::/129",
        "fe80::1/10",
        "::ffff:10.0.0.0/104",
        "10.0.0.0/8/8",
        "localhost/8",
        "10.0.0.0/0008",
    ] {
        assert_eq!(text.parse::<Network>().unwrap_err().code(), EndpointCode::NetworkInvalid, "{text}");
    }
    let one: Network = "127.0.0.1".parse().unwrap();
    assert_eq!(one.to_string(), "127.0.0.1/32");
}

#[test]
fn an_allowed_network_opens_itself_and_nothing_else() {
    let policy = UrlPolicy::new().allow_network("10.20.0.0/16".parse().unwrap()).allow_network("::1".parse().unwrap());
    let allowed = |text: &str| judge_address(text.parse().unwrap(), &policy).is_ok();
    assert!(allowed("10.20.0.0") && allowed("10.20.255.255") && allowed("::ffff:10.20.1.1") && allowed("::1"));
    assert!(allowed("8.8.8.8"));
    for refused in ["10.19.255.255", "10.21.0.0", "127.0.0.1", "169.254.169.254", "::2", "64:ff9b::a14:1", "::a14:1"] {
        assert!(!allowed(refused), "{refused}");
    }
}

#[test]
fn a_refusal_names_the_range() {
    let refusal =
        |text: &str| judge_address(text.parse().unwrap(), &UrlPolicy::new()).unwrap_err().detail().to_string();
    assert_eq!(refusal("169.254.169.254"), "169.254.0.0/16 is link-local, where clouds answer with credentials.");
    assert_eq!(refusal("::ffff:10.0.0.1"), "10.0.0.0/8 is private.");
    assert_eq!(refusal("fd00:ec2::254"), "Public IPv6 addresses are in 2000::/3.");
}
