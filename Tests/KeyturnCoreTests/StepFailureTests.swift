import KeyturnCore
import Testing

@Suite("StepFailure") struct StepFailureTests {
    @Test(
        "every database failure has its meaning for a step, and names user and server",
        arguments: [
            (.wrongPassword, .credentialsOutOfSync), (.refusedByRule, .targetRefusedClient),
            (.loginNotAllowed, .accountNotUsable), (.limitReached, .accountNotUsable),
            (.noSuchDatabase, .accountNotUsable), (.notReady, .targetNotReady), (.unreachable, .targetUnreachable),
            (.timedOut, .targetUnreachable), (.notTrusted, .targetNotTrusted), (.permissionDenied, .permissionDenied),
            (.readOnly, .targetReadOnly), (.passwordRefused, .passwordRefused), (.conflict, .targetConflict),
            (.cancelled, .interrupted), (.outcomeUnknown, .outcomeUnknown), (.other, .targetFailed),
        ] as [(DatabaseFailure.Kind, FailureCode)])
    func meaning(kind: DatabaseFailure.Kind, code: FailureCode) throws {
        let endpoint = try DatabaseEndpoint(host: "db.example.com", port: 5432)
        let failure = StepFailure(
            DatabaseFailure(kind, at: endpoint, "what the server said"), as: "AWSCURRENT",
            user: try AccountName(postgreSQL: "app"))
        #expect(failure.code == code)
        for part in ["AWSCURRENT", "app", "db.example.com:5432", "what the server said"] {
            #expect(failure.message.contains(part))
        }
        #expect(!failure.remedy.isEmpty)
    }

    @Test("a failure is shown as what happened, its code and what to do")
    func description() {
        #expect(
            StepFailure(.targetFailed, "it broke", remedy: "mend it").description
                == "it broke [target-failed] → mend it")
        let invalid = InvalidInput(field: "host", problem: "is missing", remedy: "add it")
        let shown = StepFailure(invalid, in: .pending).description
        #expect(shown == "AWSPENDING: host is missing [invalid-secret] → add it")
        #expect(invalid.description == "host: is missing → add it")
    }
}
