import KeyturnCore
import Testing

@Suite("RetryPolicy") struct RetryPolicyTests {
    /// What the first failure of each kind leads to.
    private static let decisions: [FailureCode: RetryDecision] = [
        .invalidSecret: .person, .pendingMismatch: .person, .valueMissing: .person, .credentialsOutOfSync: .person,
        .accountNotUsable: .person, .targetRefusedClient: .person, .targetUnreachable: .later,
        .targetNotReady: .again(after: .milliseconds(200)), .targetNotTrusted: .person, .permissionDenied: .person,
        .targetReadOnly: .person, .passwordRefused: .person, .targetConflict: .again(after: .milliseconds(200)),
        .targetFailed: .later, .outcomeUnknown: .again(after: .milliseconds(200)), .stepTimedOut: .later,
        .verificationFailed: .person, .storeUnavailable: .later, .recordCorrupted: .person, .leaseLost: .later,
        .interrupted: .later, .pendingRefused: .again(after: .milliseconds(200)), .passwordNotAsked: .person,
        .adminRefused: .person, .keyMissing: .person, .passwordExpired: .person, .alternateNotOwned: .person,
        .alternateUnequal: .person,
    ]

    @Test("every kind of failure has its decision", arguments: FailureCode.allCases)
    func firstFailure(code: FailureCode) throws {
        let expected = try #require(Self.decisions[code])
        #expect(RetryPolicy().decision(after: code, at: .setSecret, tries: 1) == expected)
    }

    @Test("no kind of failure is tried beyond the limit in one run", arguments: FailureCode.allCases)
    func beyondLimit(code: FailureCode) {
        let policy = RetryPolicy()
        let expected: RetryDecision = Self.decisions[code] == .person ? .person : .later
        #expect(policy.decision(after: code, at: .setSecret, tries: policy.attemptLimit) == expected)
        #expect(policy.decision(after: code, at: .setSecret, tries: policy.attemptLimit + 1) == expected)
    }

    @Test(
        "each pause is twice the one before",
        arguments: [FailureCode.targetConflict, .outcomeUnknown, .targetNotReady, .pendingRefused])
    func backoff(code: FailureCode) {
        let policy = RetryPolicy(attemptLimit: 6, firstPause: .milliseconds(50))
        #expect(
            (1...6).map { policy.decision(after: code, at: .setSecret, tries: $0) } == [
                .again(after: .milliseconds(50)), .again(after: .milliseconds(100)), .again(after: .milliseconds(200)),
                .again(after: .milliseconds(400)), .again(after: .milliseconds(800)), .later,
            ])
    }

    @Test(
        "once the target has the pending credential, what may pass by itself is tried again at once",
        arguments: [FailureCode.targetUnreachable, .storeUnavailable, .accountNotUsable])
    func afterTheChange(code: FailureCode) {
        let policy = RetryPolicy()
        #expect(policy.decision(after: code, at: .testSecret, tries: 1) == .again(after: .milliseconds(200)))
        #expect(policy.decision(after: code, at: .finishSecret, tries: 1) == .again(after: .milliseconds(200)))
        #expect(policy.decision(after: code, at: .testSecret, tries: policy.attemptLimit) == Self.decisions[code])
    }

    @Test("a limit of one try never tries again")
    func oneTry() {
        #expect(RetryPolicy(attemptLimit: 1).decision(after: .targetConflict, at: .setSecret, tries: 1) == .later)
    }

    @Test("codes are distinct, in kebab case, and read back", arguments: FailureCode.allCases)
    func spelling(code: FailureCode) {
        #expect(FailureCode(rawValue: code.rawValue) == code)
        #expect(code.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
    }
}
