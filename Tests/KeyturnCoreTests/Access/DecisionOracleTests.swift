import KeyturnSimulation
import Testing

@testable import KeyturnCore

/// Small policies and requests at random, decided by the evaluator from their JSON, and by an oracle from the choices
/// they were made of: it knows neither patterns nor text.
@Suite("Access decisions against an oracle") struct DecisionOracleTests {
    private static let users = ["ann", "bob"]
    private static let secrets = ["a/x", "a/y", "b/x"]
    private static let actions: [AccessAction] = [.getSecretValue, .getResourcePolicy, .putSecretValue, .deleteSecret]
    private static let stages = ["AWSCURRENT", "AWSPENDING", nil]

    /// Something that a policy's author writes, and what it stands for, written down by hand.
    private struct Choice<Value> {
        let json: String
        let means: @Sendable (Value) -> Bool
    }

    private static let actionChoices: [Choice<AccessAction>] = [
        Choice(json: #""Action":"*""#) { _ in true },
        Choice(json: #""Action":"secretsmanager:Get*""#) { [.getSecretValue, .getResourcePolicy].contains($0) },
        Choice(json: #""Action":["secretsmanager:deletesecret","kms:*"]"#) { $0 == .deleteSecret },
        Choice(json: #""NotAction":"secretsmanager:?utSecretValue""#) { $0 != .putSecretValue },
        Choice(json: #""Action":"s3:*""#) { _ in false },
    ]
    private static let resourceChoices: [Choice<String>] = [
        Choice(json: #""Resource":"*""#) { _ in true },
        Choice(json: #""Resource":"arn:aws:secretsmanager:*:*:secret:a/*""#) { ["a/x", "a/y"].contains($0) },
        Choice(json: #""Resource":"arn:aws:secretsmanager:local:*:secret:?/x-??????""#) {
            ["a/x", "b/x"].contains($0)
        },
        Choice(json: #""NotResource":"arn:*:secret:b/x-AbCdEf""#) { $0 != "b/x" },
    ]
    private static let principalChoices: [Choice<String>] = [
        Choice(json: #""Principal":"*""#) { _ in true },
        Choice(json: #""Principal":{"AWS":"arn:aws:iam::000000000000:user/ann"}"#) { $0 == "ann" },
        Choice(json: #""NotPrincipal":{"AWS":"arn:aws:iam::000000000000:user/ann"}"#) { $0 != "ann" },
    ]
    private static let conditionChoices: [Choice<(user: String, stage: String?)>] = [
        Choice(json: "") { _ in true },
        Choice(json: #","Condition":{"StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}"#) {
            $0.stage == "AWSCURRENT"
        },
        Choice(json: #","Condition":{"StringNotLike":{"secretsmanager:versionstage":"AWSP*"}}"#) {
            $0.stage != "AWSPENDING"
        },
        Choice(json: #","Condition":{"StringLikeIfExists":{"secretsmanager:VersionStage":["x","*PEND*"]}}"#) {
            $0.stage != "AWSCURRENT"
        },
        Choice(
            json: #","Condition":{"Null":{"secretsmanager:VersionStage":"true"},"StringEquals":{"aws:username":"bob"}}"#
        ) { $0.stage == nil && $0.user == "bob" },
    ]

    private struct Statement {
        let isAllow: Bool
        let action: Choice<AccessAction>
        let resource: Choice<String>
        let principal: Choice<String>?
        let condition: Choice<(user: String, stage: String?)>

        init(withPrincipal: Bool, _ random: inout SeededRandom) {
            isAllow = Int.random(in: 0..<3, using: &random) > 0
            action = pick(actionChoices, &random)
            resource = pick(resourceChoices, &random)
            principal = withPrincipal ? pick(principalChoices, &random) : nil
            condition = pick(conditionChoices, &random)
        }

        var json: String {
            let principal = principal.map { $0.json + "," } ?? ""
            return
                #"{"Effect":"\#(isAllow ? "Allow" : "Deny")",\#(principal)\#(action.json),\#(resource.json)\#(condition.json)}"#
        }

        func isAbout(_ action: AccessAction, _ secret: String, _ user: String, _ stage: String?) -> Bool {
            self.action.means(action) && resource.means(secret) && principal?.means(user) ?? true
                && condition.means((user, stage))
        }
    }

    private static func pick<Value>(_ choices: [Choice<Value>], _ random: inout SeededRandom) -> Choice<Value> {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    @Test(
        "1,500 random pairs of policies decide every request as the oracle does", arguments: [11, 12, 13] as [UInt64])
    func oracle(seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        var allowed = 0
        var denied = 0
        for round in 0..<500 {
            let identity = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Statement(withPrincipal: false, &random)
            }
            let resource = (0..<Int.random(in: 0...2, using: &random)).map { _ in
                Statement(withPrincipal: true, &random)
            }
            let policies = try (
                PolicyDocument(Self.text(identity), kind: .identity),
                resource.isEmpty ? nil : PolicyDocument(Self.text(resource), kind: .resource)
            )
            for (user, secret, action, stage) in Self.everyRequest {
                let about = (identity + resource).filter { $0.isAbout(action, secret, user, stage) }
                let expected = about.contains(where: \.isAllow) && about.allSatisfy(\.isAllow)
                var request = try AccessSample.request(action, on: secret, by: user)
                request.context.set(.versionStage, to: stage)
                let decision = request.decision(identity: .document(policies.0), resourcePolicy: policies.1)
                if expected { allowed += 1 } else { denied += 1 }
                try #require(
                    decision.isAllowed == expected,
                    """
                    seed \(seed), round \(round): \(user) \(action) \(secret) \(stage ?? "-"): \(decision.explanation)
                    \(Self.text(identity)) \(Self.text(resource))
                    """)
            }
        }
        #expect(allowed > 1_000 && denied > 1_000, "seed \(seed): \(allowed) allowed, \(denied) denied")
    }

    private static func text(_ statements: [Statement]) -> String {
        #"{"Version":"2012-10-17","Statement":[\#(statements.map(\.json).joined(separator: ","))]}"#
    }

    private static let everyRequest: [(String, String, AccessAction, String?)] = users.flatMap { user in
        secrets.flatMap { secret in
            actions.flatMap { action in stages.map { (user, secret, action, $0) } }
        }
    }
}
