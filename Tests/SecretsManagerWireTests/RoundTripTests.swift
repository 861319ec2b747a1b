import Foundation
import KeyturnCore
import SecretsManagerWire
import Testing

@Suite("Requests and answers") struct RoundTripTests {
    @Test(
        "a request with every member is read and written again without loss",
        arguments: SecretsManagerOperation.allCases)
    func requests(operation: SecretsManagerOperation) throws {
        let text = try SampleJSON.text(SampleJSON.object(operation.input.shape))
        let request = try SecretsManagerRequest(operation, body: SecretBytes(text))
        #expect(type(of: request.input).operation == operation)
        #expect(try Self.sorted(request.input.json) == text)
    }

    @Test("an answer with every member is written as its golden file says", arguments: SecretsManagerOperation.allCases)
    func answers(operation: SecretsManagerOperation) throws {
        let text = try SampleJSON.text(SampleJSON.object(operation.output.shape))
        let written = try Self.rewritten(operation.input, answer: text)
        if operation.output.shape.members.isEmpty {
            #expect(written == "", "an operation without an answer has an empty body")
        } else {
            #expect(try Self.sorted(SecretBytes(written)) == text)
        }
        let file = Self.golden.appendingPathComponent(operation.rawValue + ".json")
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try Data((written + "\n").utf8).write(to: file)
        }
        #expect(try String(decoding: Data(contentsOf: file), as: UTF8.self) == written + "\n")
    }

    @Test("no golden file is left over")
    func goldenFiles() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.golden.path)
        #expect(files.sorted() == SecretsManagerOperation.allCases.map { $0.rawValue + ".json" }.sorted())
    }

    @Test("members that are not required may be absent or null", arguments: SecretsManagerOperation.allCases)
    func optionalMembers(operation: SecretsManagerOperation) throws {
        let required = operation.input.shape.members.filter(\.isRequired).map(\.name)
        let all = SampleJSON.object(operation.input.shape)
        let least = all.filter { required.contains($0.key) }
        let withNulls = all.mapValues { $0 }.merging(
            all.filter { !required.contains($0.key) }.mapValues { _ in NSNull() }
        ) { $1 }
        for object in [least, withNulls, least.merging(["Unknown": ["a": [1, [NSNull()]]]]) { $1 }] {
            let request = try SecretsManagerRequest(operation, body: SecretBytes(SampleJSON.text(object)))
            #expect(try Self.sorted(request.input.json) == SampleJSON.text(least))
        }
    }

    @Test(
        "a required member that is absent or null is refused by its name", arguments: SecretsManagerOperation.allCases)
    func requiredMembers(operation: SecretsManagerOperation) throws {
        for member in operation.input.shape.members where member.isRequired {
            var object = SampleJSON.object(operation.input.shape)
            let path = member.name.prefix(1).lowercased() + member.name.dropFirst()
            let expected = SecretsManagerError(
                .validation,
                "1 validation error detected: Value null at '\(path)' failed to satisfy constraint: "
                    + "Member must not be null")
            for value in [nil, NSNull()] as [Any?] {
                object[member.name] = value
                let body = SecretBytes(try SampleJSON.text(object))
                #expect(throws: expected) { try SecretsManagerRequest(operation, body: body) }
            }
        }
    }

    @Test("a member of another type of JSON is refused by its name", arguments: SecretsManagerOperation.allCases)
    func wrongTypes(operation: SecretsManagerOperation) throws {
        for member in operation.input.shape.members {
            var refused = 0
            for wrong in ["text", 1.5, true, ["a": 1], [[1]]] as [Any] {
                var object = SampleJSON.object(operation.input.shape)
                object[member.name] = wrong
                let body = SecretBytes(try SampleJSON.text(object))
                do {
                    _ = try SecretsManagerRequest(operation, body: body)
                } catch  where error.code == .serialization {
                    #expect(error.message.contains(member.name) || error.message.contains("Key"))
                    refused += 1
                } catch {
                    #expect(error.code == .validation && wrong is String)
                }
            }
            #expect(refused >= 3, "\(operation) \(member.name)")
        }
    }

    private static func rewritten<Input: SecretsManagerInput>(_: Input.Type, answer: String) throws -> String {
        switch try SecretsManagerReply<Input.Output>(status: 200, body: SecretBytes(answer)) {
        case .success(let output): return output.json.text
        case .failure(let error): throw error
        }
    }

    private static func sorted(_ json: SecretBytes) throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(json.text.utf8))
        return try SampleJSON.text(try #require(object as? [String: Any]))
    }

    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Golden")
}
