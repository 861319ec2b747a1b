import KeyturnCore
import Testing

@Suite("Realm") struct RealmTests {
    @Test(
        "a region and twelve digits make a realm",
        arguments: ["local", "eu-west-1", "a", String(repeating: "r", count: 64)])
    func legal(region: String) throws {
        let realm = try Realm(region: region, account: "000000000000")
        #expect(realm.region == region && realm.account == "000000000000")
    }

    @Test(
        "any other region is refused",
        arguments: ["", "EU", "eu_west", "eu west", "é", "a:b", String(repeating: "r", count: 65)])
    func wrongRegion(region: String) {
        #expect(refusal { try Realm(region: region, account: "000000000000") }?.field == "api.region")
    }

    @Test(
        "any other account is refused",
        arguments: ["", "1", "00000000000", "0000000000000", "00000000000a", "00000000000-", "１２３４"])
    func wrongAccount(account: String) {
        #expect(refusal { try Realm(region: "local", account: account) }?.field == "api.account")
    }
}
