import Foundation
import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("Constraints of the service model") struct ConstraintTests {
    private func refusal(_ operation: SecretsManagerOperation, _ body: String) -> SecretsManagerError? {
        do {
            _ = try SecretsManagerRequest(operation, body: SecretBytes(body))
            return nil
        } catch { return error }
    }

    private func detected(_ violations: String...) -> SecretsManagerError {
        let noun = violations.count == 1 ? "error" : "errors"
        return SecretsManagerError(
            .validation, "\(violations.count) validation \(noun) detected: \(violations.joined(separator: "; "))")
    }

    @Test(
        "a string at its limit is taken, and one character beyond is refused",
        arguments: SecretsManagerOperation.allCases)
    func lengths(operation: SecretsManagerOperation) throws {
        for member in operation.input.shape.members {
            guard case .text(let rule) = member.shape, rule.options.isEmpty, rule.pattern == nil, let most = rule.most
            else { continue }
            for (count, isWithin) in [(most, true), (most + 1, false)] {
                var object = SampleJSON.object(operation.input.shape)
                object[member.name] = String(repeating: "é", count: count)
                let error = refusal(operation, try SampleJSON.text(object))
                let isTooLong =
                    error?.message.contains("Member must have length less than or equal to \(most)") ?? false
                #expect(isTooLong == !isWithin, "\(operation) \(member.name) \(count)")
            }
        }
    }

    @Test(
        "a number at its limits is taken, and one beyond is refused",
        arguments: [(0, false), (1, true), (100, true), (101, false)])
    func numbers(number: Int, isWithin: Bool) {
        let limit =
            number < 1
            ? "Member must have value greater than or equal to 1" : "Member must have value less than or equal to 100"
        let violation = "Value '\(number)' at 'maxResults' failed to satisfy constraint: \(limit)"
        #expect(refusal(.listSecrets, "{\"MaxResults\":\(number)}") == (isWithin ? nil : detected(violation)))
    }

    @Test("a number may be written with a fraction of zero, and with no other")
    func fractions() {
        #expect(refusal(.listSecrets, #"{"MaxResults":1e1}"#) == nil)
        #expect(refusal(.listSecrets, #"{"MaxResults":10.0}"#) == nil)
        for number in ["10.5", "1e400", "99999999999999999999"] {
            #expect(refusal(.listSecrets, #"{"MaxResults":\#(number)}"#)?.code == .serialization)
        }
    }

    @Test("an empty string, an unknown word and a missing pattern are worded as AWS words them")
    func texts() {
        #expect(
            refusal(.getSecretValue, #"{"SecretId":"a","VersionStage":""}"#)
                == detected(
                    "Value '' at 'versionStage' failed to satisfy constraint: Member must have length greater than or "
                        + "equal to 1"))
        #expect(
            refusal(.listSecrets, #"{"SortOrder":"up"}"#)
                == detected(
                    "Value 'up' at 'sortOrder' failed to satisfy constraint: Member must satisfy enum value set: "
                        + "[asc, desc]"))
        #expect(
            refusal(.rotateSecret, #"{"SecretId":"a","RotationRules":{"Duration":"1d"}}"#)
                == detected(
                    "Value '1d' at 'rotationRules.duration' failed to satisfy constraint: Member must satisfy regular "
                        + "expression pattern: [0-9]+h"))
        #expect(
            refusal(.listSecrets, #"{"Filters":[{"Key":"name","Values":["a"]},{"Key":"color"}]}"#)
                == detected(
                    "Value 'color' at 'filters.2.member.key' failed to satisfy constraint: Member must satisfy enum "
                        + "value set: [description, name, tag-key, tag-value, primary-region, owning-service, all]"))
    }

    @Test("several violations are told together, in the order of the service model")
    func several() {
        #expect(
            refusal(.getSecretValue, #"{"VersionId":"short"}"#)
                == detected(
                    "Value null at 'secretId' failed to satisfy constraint: Member must not be null",
                    "Value 'short' at 'versionId' failed to satisfy constraint: Member must have length greater than "
                        + "or equal to 32"))
    }

    @Test("a list is judged by its size, and a list of strings by each of them")
    func lists() {
        let ids = (1...21).map { "s\($0)" }
        let shown = "[\(ids.joined(separator: ", "))]"
        #expect(
            refusal(.batchGetSecretValue, #"{"SecretIdList":["\#(ids.joined(separator: "\",\""))"]}"#)
                == detected(
                    "Value '\(shown)' at 'secretIdList' failed to satisfy constraint: Member must have length less "
                        + "than or equal to 20"))
        #expect(
            refusal(.untagResource, #"{"SecretId":"a","TagKeys":["k",""]}"#)
                == detected(
                    "Value '[k, ]' at 'tagKeys' failed to satisfy constraint: Member must satisfy constraint: [Member "
                        + "must have length less than or equal to 128, Member must have length greater than or equal "
                        + "to 1]"))
        #expect(
            refusal(.replicateSecretToRegions, #"{"SecretId":"a","AddReplicaRegions":[]}"#)
                == detected(
                    "Value '[]' at 'addReplicaRegions' failed to satisfy constraint: Member must have length greater "
                        + "than or equal to 1"))
    }

    @Test("a long list of violations is cut")
    func manyViolations() throws {
        let tags = Array(repeating: #"{"Key":""}"#, count: 500).joined(separator: ",")
        let error = try #require(refusal(.tagResource, #"{"SecretId":"a","Tags":[\#(tags)]}"#))
        #expect(error.message.hasPrefix("10 validation errors detected: ") && error.message.utf8.count < 2000)
    }

    @Test("a value that is shown is cut after 256 characters")
    func longEcho() throws {
        let body = #"{"SecretId":"a","Description":"\#(String(repeating: "d", count: 4000))"}"#
        let error = try #require(refusal(.updateSecret, body))
        #expect(error.message.contains("Value '\(String(repeating: "d", count: 256))…' at 'description'"))
    }

    @Test("no error repeats a secret member", arguments: ["SecretString", "SecretBinary", "RotationToken"])
    func sensitive(member: String) throws {
        let long = String(repeating: "canary/", count: 65_536)
        for value in [
            #""""#, #""canary""#, #""canary canary canary canary canary canary""#, "\"\(long)\"", #"["canary"]"#,
        ] {
            let error = refusal(.putSecretValue, #"{"SecretId":"a","\#(member)":\#(value)}"#)
            #expect(error?.message.contains("canary") != true, "\(member)")
            if member == "RotationToken" || value == #""""# { #expect(error != nil, "\(member)") }
        }
        #expect(
            refusal(.putSecretValue, #"{"SecretId":"a","SecretString":""}"#)
                == detected(
                    "Value at 'secretString' failed to satisfy constraint: Member must have length greater than or "
                        + "equal to 1"))
        #expect(refusal(.putSecretValue, #"{"SecretId":"a","SecretBinary":"canary"}"#)?.code == .serialization)
    }

    @Test("a request that is shown shows none of its values")
    func descriptions() throws {
        let body = SecretBytes(#"{"SecretId":"a","SecretString":"canary","SecretBinary":"Y2FuYXJ5"}"#)
        let input = try PutSecretValueInput(request: body)
        var dumped = ""
        dump(input, to: &dumped)
        #expect(!"\(input)\(String(reflecting: input))\(dumped)".contains("canary"))
        #expect(input.secretString?.text == "canary" && input.secretBinary?.text == "canary")
        #expect(throws: SecretsManagerError.twoValues()) { try input.value() }
    }

    @Test(
        "names are checked after the model, and everything that is no ARN is a name",
        arguments: ["a b", " a", "a*", "a?", "a]", "a\\\\", "ä"])
    func names(name: String) {
        #expect(refusal(.createSecret, #"{"Name":"\#(name)"}"#) == .invalidName())
        #expect(refusal(.getSecretValue, #"{"SecretId":"\#(name)"}"#) == .invalidName())
        #expect(refusal(.batchGetSecretValue, #"{"SecretIdList":["ok","\#(name)"]}"#) == .invalidName())
        #expect(
            refusal(.getSecretValue, #"{"SecretId":"\#(name)","VersionId":"short"}"#)?.message.hasPrefix("1 val")
                == true)
    }

    @Test(
        "an ARN of something else is refused",
        arguments: ["arn:", "arn:aws:s3:::bucket", "arn:aws:secretsmanager:local:000000000000:key:a"])
    func foreignARN(arn: String) {
        #expect(refusal(.describeSecret, #"{"SecretId":"\#(arn)"}"#) == .invalidARN())
    }

    @Test("a control character in a label is refused")
    func label() {
        #expect(refusal(.getSecretValue, #"{"SecretId":"a","VersionStage":"a\u0007"}"#)?.code == .validation)
        #expect(refusal(.putSecretValue, #"{"SecretId":"a","VersionStages":["ok","a\u0007"]}"#)?.code == .validation)
    }

    @Test("patterns mean what their regular expressions mean", arguments: TextPattern.allCases)
    func patterns(pattern: TextPattern) throws {
        let regex = try Regex(pattern.rawValue).asciiOnlyDigits()
        let seed = UInt64.random(in: 0 ... .max)
        var random = SeededRandom(seed: seed)
        let alphabet = Array("aZ09h-hd!(,#? /_.@:=+*)éx1")
        var matched = 0
        for _ in 0..<16_000 {
            let characters = [alphabet, Array("a-1"), Array("12h")].randomElement(using: &random) ?? alphabet
            let text = String(
                (0..<Int.random(in: 0...7, using: &random)).map { _ in characters.randomElement(using: &random) ?? "a" }
            )
            let expected = text.wholeMatch(of: regex) != nil
            matched += expected ? 1 : 0
            #expect(pattern.matches(text.utf8) == expected, "seed \(seed), \(text)")
        }
        #expect(matched > 10 && matched < 15_990)
    }
}
