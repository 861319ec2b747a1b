import Testing

@testable import KeyturnListener

@Suite("Where a connection comes from") struct SourceAddressTests {
    @Test(
        "an IPv4 address inside an IPv6 one is itself, and 64 bits of an IPv6 address count as one",
        arguments: [
            ("192.0.2.7", "192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7", "192.0.2.7"),
            ("::ffff:c000:207", "192.0.2.7", "192.0.2.7"), ("::1", "::1", "0.0.0.0.0.0.0.0"),
            ("2001:db8:1:2::3", "2001:db8:1:2::3", "20.1.d.b8.0.1.0.2"),
            ("2001:db8:1:2:ffff::9", "2001:db8:1:2:ffff::9", "20.1.d.b8.0.1.0.2"),
            ("2001:db8:1:3::3", "2001:db8:1:3::3", "20.1.d.b8.0.1.0.3"),
            ("fe80::1%eth0", "fe80::1", "fe.80.0.0.0.0.0.0"),
        ])
    func addresses(_ text: String, _ shown: String, _ network: String) {
        let address = SourceAddress(text)
        #expect(address.text == shown && address.network == network)
    }
}
