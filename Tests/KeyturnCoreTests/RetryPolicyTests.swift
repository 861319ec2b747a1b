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
        .interrupted: .later, .pendingRefused: .again(after: .milliseconds(200)),
    ]

    @Test("every kind of failure has its decision", arguments: FailureCode.allCases)
    func firstFailure(code: FailureCode) throws {
        let expected = try #require(Self.decisions[code])
        #expect(RetryPolicy().decision(after: code, tries: 1) == expected)
    }

    @Test("no kind of failure is tried beyond the limit in one run", arguments: FailureCode.allCases)
    func beyondLimit(code: FailureCode) {
        let policy = RetryPolicy()
        let expected: RetryDecision = Self.decisions[code] == .person ? .person : .later
        #expect(policy.decision(after: code, tries: policy.attemptLimit) == expected)
        #expect(policy.decision(after: code, tries: policy.attemptLimit + 1) == expected)
    }

    @Test(
        "each pause is twice the one before",
        arguments: [FailureCode.targetConflict, .outcomeUnknown, .targetNotReady, .pendingRefused])
    func backoff(code: FailureCode) {
        let policy = RetryPolicy(attemptLimit: 6, firstPause: .milliseconds(50))
        #expect(
            (1...6).map { policy.decision(after: code, tries: $0) } == [
                .again(after: .milliseconds(50)), .again(after: .milliseconds(100)), .again(after: .milliseconds(200)),
                .again(after: .milliseconds(400)), .again(after: .milliseconds(800)), .later,
            ])
    }

    @Test("a limit of one try never tries again")
    func oneTry() {
        #expect(RetryPolicy(attemptLimit: 1).decision(after: .targetConflict, tries: 1) == .later)
    }

    @Test("codes are distinct, in kebab case, and read back", arguments: FailureCode.allCases)
    func spelling(code: FailureCode) {
        #expect(FailureCode(rawValue: code.rawValue) == code)
        #expect(code.rawValue.allSatisfy { $0 == "-" || ("a"..."z").contains($0) })
    }
}
