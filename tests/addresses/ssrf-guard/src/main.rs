//! Reads an address per line and writes 1 if ssrf-guard takes it for public, else 0.

fn main() {
    for line in std::io::stdin().lines() {
        let address = line.expect("a line").parse().expect("an address");
        println!("{}", u8::from(ssrf_guard::is_public(address)));
    }
}
