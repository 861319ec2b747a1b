import Foundation
import KeyturnCore
import KeyturnSQLiteStore
import SecretsManagerWire
import Testing

/// Requests that nobody would write. `KEYTURN_FUZZ_SEED` replays a run, `KEYTURN_FUZZ_ROUNDS` makes it longer or shorter.
@Suite("Whatever is asked is answered as AWS would, and what is refused has changed nothing", .timeLimit(.minutes(10)))
struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let seed = environment["KEYTURN_FUZZ_SEED"].flatMap { UInt64($0) } ?? 20_260_101
    /// Some ten seconds for each test, of a debug build.
    private static let rounds = environment["KEYTURN_FUZZ_ROUNDS"].flatMap { Int($0) } ?? 3_000
    /// More than a request takes at its largest, and less than a leak of a kilobyte for each would come to.
    private static let mostGrowth = 192 * 1_048_576

    private static let policy =
        #"{"Version":"2012-10-17","Statement":[{"Sid":"a","Effect":"Deny","Principal":{"AWS":["arn:aws:iam::000000000000:user/x"]},"Action":["secretsmanager:GetSecretValue"],"Resource":"*","Condition":{"StringEquals":{"aws:username":["x"]},"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}]}"#

    /// A request for each operation that does something, or is refused for a reason of its own.
    private static let samples: [(operation: String, json: String)] = [
        ("BatchGetSecretValue", #"{"SecretIdList":["a","none"]}"#),
        ("BatchGetSecretValue", #"{"Filters":[{"Key":"name","Values":["a","!b"]}],"MaxResults":5}"#),
        ("CancelRotateSecret", #"{"SecretId":"a"}"#),
        (
            "CreateSecret",
            #"{"Name":"b","ClientRequestToken":"\#(token("b"))","SecretString":"x","Description":"d","Tags":[{"Key":"k","Value":"v"}],"AddReplicaRegions":[{"Region":"eu-west-1","KmsKeyId":"k"}]}"#
        ),
        ("DeleteResourcePolicy", #"{"SecretId":"a"}"#), ("DeleteSecret", #"{"SecretId":"c","RecoveryWindowInDays":7}"#),
        ("DescribeSecret", #"{"SecretId":"a"}"#),
        ("GetRandomPassword", #"{"PasswordLength":20,"ExcludeCharacters":"abc","IncludeSpace":true}"#),
        ("GetResourcePolicy", #"{"SecretId":"a"}"#),
        ("GetSecretValue", #"{"SecretId":"a","VersionId":"\#(token("v1"))","VersionStage":"AWSCURRENT"}"#),
        ("ListSecretVersionIds", #"{"SecretId":"a","MaxResults":5,"IncludeDeprecated":true}"#),
        (
            "ListSecrets",
            #"{"MaxResults":5,"Filters":[{"Key":"all","Values":["a"]}],"SortOrder":"asc","SortBy":"name"}"#
        ),
        ("PutResourcePolicy", #"{"SecretId":"a","ResourcePolicy":"{}","BlockPublicPolicy":true}"#),
        (
            "PutSecretValue",
            #"{"SecretId":"a","ClientRequestToken":"\#(token("p"))","SecretBinary":"AAH/","VersionStages":["one","two"]}"#
        ),
        ("RemoveRegionsFromReplication", #"{"SecretId":"a","RemoveReplicaRegions":["eu-west-1"]}"#),
        ("ReplicateSecretToRegions", #"{"SecretId":"a","AddReplicaRegions":[{"Region":"eu-west-1"}]}"#),
        ("RestoreSecret", #"{"SecretId":"a"}"#),
        (
            "RotateSecret",
            #"{"SecretId":"a","ClientRequestToken":"\#(token("r"))","RotationRules":{"AutomaticallyAfterDays":30,"Duration":"2h"}}"#
        ),
        ("StopReplicationToReplica", #"{"SecretId":"a"}"#),
        ("TagResource", #"{"SecretId":"a","Tags":[{"Key":"k","Value":"v"}]}"#),
        ("UntagResource", #"{"SecretId":"a","TagKeys":["k"]}"#),
        ("UpdateSecret", #"{"SecretId":"a","ClientRequestToken":"\#(token("u"))","SecretString":"y","KmsKeyId":"k"}"#),
        (
            "UpdateSecretVersionStage",
            #"{"SecretId":"a","VersionStage":"one","MoveToVersionId":"\#(token("v1"))","RemoveFromVersionId":"\#(token("p"))"}"#
        ),
        ("ValidateResourcePolicy", #"{"SecretId":"a","ResourcePolicy":"{}"}"#),
    ]

    private func world() async throws -> APIWorld {
        let world = try await APIWorld(limits: try RequestLimits(scale: RequestLimits.scales.upperBound))
        for name in ["a", "c"] {
            try await world.done(
                "CreateSecret", #"{"Name":"\#(name)","ClientRequestToken":"\#(token("v1"))","SecretString":"x"}"#)
        }
        return world
    }

    /// Says with what it began, so that a failure can be had again.
    private func run(
        _ name: String, times: Int = rounds, _ body: (APIWorld, inout SeededRandom) async throws -> Void
    ) async throws {
        let world = try await world()
        var random = SeededRandom(seed: Self.seed)
        let before = Self.memory
        for round in 0..<times {
            do { try await body(world, &random) } catch {
                Issue.record("\(name), seed \(Self.seed), round \(round): \(error)")
                return
            }
        }
        let growth = Self.memory - before
        #expect(growth < Self.mostGrowth, "\(name), seed \(Self.seed): \(growth) bytes more")
        FileHandle.standardError.write(Data("fuzz: \(name): \(times) requests, seed \(Self.seed)\n".utf8))
    }

    /// The bytes that this process has in memory.
    private static var memory: Int {
        // Linux has it.
        let pages = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
        return (pages.flatMap { $0.count > 1 ? Int($0[1]) : nil } ?? 0) * 4096
    }

    private struct Broken: Error, CustomStringConvertible {
        let description: String
    }

    /// Sends a request, and holds its answer against what every answer is.
    @discardableResult
    private func ask(
        _ world: APIWorld, _ operation: String, _ body: [UInt8], tamper: (inout SigV4Request) -> Void = { _ in }
    ) async throws -> Answer {
        let before = world.store.changeStamp()
        let answer = try await world.send(operation, bytes: body, tamper: tamper)
        let shown = "\(operation) \(String(decoding: body.prefix(300), as: UTF8.self)): \(answer.status) \(answer.text)"
        guard answer.headers["x-amzn-requestid"]?.count == 36 else { throw Broken(description: "no id: \(shown)") }
        if answer.status == 200 { return answer }
        let code = answer.string("__type").flatMap { SecretsManagerError.Code(rawValue: $0) }
        guard answer.status == 400, let code, code != .internalServiceError, !answer.error.hasSuffix(": ") else {
            throw Broken(description: "no error of AWS's: \(shown)")
        }
        guard world.store.changeStamp() == before else { throw Broken(description: "refused, and written: \(shown)") }
        return answer
    }

    @Test("bodies with a change in their structure")
    func structures() async throws {
        try await run("structures") { world, random in
            let sample = random.pick(Self.samples)
            var tree = try JSONTree(sample.json)
            for _ in 0..<random.pick([1, 1, 2, 3]) { tree = tree.changed(&random) }
            try await ask(world, sample.operation, Array(tree.text.utf8))
        }
    }

    @Test("bodies with changed bytes")
    func bytes() async throws {
        try await run("bytes") { world, random in
            let sample = random.pick(Self.samples)
            try await ask(world, sample.operation, changed(Array(sample.json.utf8), &random))
        }
    }

    @Test("operations that there are not")
    func targets() async throws {
        try await run("targets") { world, random in
            let sample = random.pick(Self.samples)
            let name = String(decoding: changed(Array(sample.operation.utf8), &random), as: UTF8.self)
            let answer = try await ask(world, name, Array(sample.json.utf8))
            let isKnown = SecretsManagerOperation(rawValue: name) != nil
            #expect((answer.string("__type") == "UnknownOperationException") != isKnown, "\(name)")
        }
    }

    @Test("signatures, dates and queries with changed bytes sign nothing")
    func signatures() async throws {
        try await run("signatures") { world, random in
            let names = ["authorization", "x-amz-date", "host", "x-amz-target", "content-type", "query"]
            let name = random.pick(names)
            var (sent, original): (SigV4Request?, SigV4Request?)
            let answer = try await ask(world, "ListSecrets", Array("{}".utf8)) { request in
                original = request
                if name == "query" {
                    let query =
                        "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=\(world.admin.record.id.text)%2F20260101"
                        + "%2Flocal%2Fsecretsmanager%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=60"
                        + "&X-Amz-SignedHeaders=host&X-Amz-Signature=\(String(repeating: "ab", count: 32))"
                    request.query = String(decoding: changed(Array(query.utf8), &random), as: UTF8.self)
                    request.headers.removeAll { $0.name == "authorization" }
                }
                for place in request.headers.indices where request.headers[place].name == name {
                    let bytes = changed(Array(request.headers[place].value.utf8), &random)
                    request.headers[place].value = String(decoding: bytes, as: UTF8.self)
                }
                if random.isOnce(in: 8) { request.headers.append(random.pick(request.headers)) }
                sent = request
            }
            guard answer.status == 200 else { return }
            // What is accepted says the same: a blank more, or the like.
            let (sent_, original_) = (try #require(sent), try #require(original))
            #expect(try SigV4Authorization(sent_) == SigV4Authorization(original_), "\(sent_.headers)")
        }
    }

    @Test("names, tokens and places in lists")
    func names() async throws {
        let page = try await world().done("ListSecrets", #"{"MaxResults":1}"#)
        let next = try #require(page.string("NextToken"))
        try await run("names") { world, random in
            let seeds = ["prod/orders", token("t"), "arn:aws:secretsmanager:local:000000000000:secret:a-AbCdEf", next]
            let bytes = changed(Array(random.pick(seeds).utf8), &random)
            let text = String(decoding: bytes, as: UTF8.self)
            guard let data = try? JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed) else {
                return
            }
            let json = String(decoding: data, as: UTF8.self)
            let made = try await ask(world, "CreateSecret", Array(#"{"Name":\#(json)}"#.utf8))
            let isName = text.utf8.allSatisfy { Array("/_+=.@!-".utf8).contains($0) || isLetterOrDigit($0) }
            if made.status == 200 { #expect(isName && !text.isEmpty, "\(text) became a name") }
            try await ask(world, "DescribeSecret", Array(#"{"SecretId":\#(json)}"#.utf8))
            try await ask(
                world, "PutSecretValue",
                Array(#"{"SecretId":"a","SecretString":"x","ClientRequestToken":\#(json)}"#.utf8))
            let listed = try await ask(world, "ListSecrets", Array(#"{"NextToken":\#(json)}"#.utf8))
            #expect(listed.status == 400, "\(text) was taken for a token")
        }
    }

    @Test("policies: what is stored comes back as it was sent, and can be taken away again")
    func policies() async throws {
        try await run("policies", times: Self.rounds / 2) { world, random in
            var text = try JSONTree(Self.policy).changed(&random).text
            if random.isOnce(in: 3) {
                text = String(decoding: changed(Array(Self.policy.utf8), &random), as: UTF8.self)
            }
            let data = try JSONSerialization.data(withJSONObject: text, options: .fragmentsAllowed)
            let json = #"{"SecretId":"a","ResourcePolicy":\#(String(decoding: data, as: UTF8.self))}"#
            try await ask(world, "ValidateResourcePolicy", Array(json.utf8))
            guard try await ask(world, "PutResourcePolicy", Array(json.utf8)).status == 200 else { return }
            let kept = try await world.done("GetResourcePolicy", #"{"SecretId":"a"}"#)
            #expect(kept.string("ResourcePolicy") == text)
            try await world.done("DeleteResourcePolicy", #"{"SecretId":"a"}"#)
        }
    }

    private func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (0x61...0x7a).contains(byte | 0x20)
    }
}
