import KeyturnSimulation
import Testing

@testable import KeyturnCore

@Suite("PolicyDocument, reading") struct PolicyReadingTests {
    @Test(
        "what AWS's documentation shows is read",
        arguments: [
            #"{"Statement":{"Effect":"Allow","Action":"secretsmanager:*","Resource":"*"}}"#,
            #"{"Version":"2008-10-17","Id":"x","Statement":[{"Sid":"","Effect":"Deny","NotAction":["*"],"NotResource":["*"]}]}"#,
            #"{"Version":"2012-10-17","Statement":[{"Sid":"A1","Effect":"Allow","Action":["SecretsManager:get*","secretsmanager:?escribeSecret"],"Resource":"arn:aws:secretsmanager:*:*:secret:a-??????"}]}"#,
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kms:Decrypt","Resource":"arn:aws:kms:*:*:key/*","Condition":{"StringLike":{"kms:ViaService":"secretsmanager.*.amazonaws.com"}}}]}"#,
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kms:Decrypt","secretsmanager:GetSecretValue"],"Resource":["arn:aws:kms:*:*:key/*","arn:aws:secretsmanager:*:*:secret:a*"]}]}"#,
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"arn:aws:secretsmanager:*:*:secret:${aws:username}/*","Condition":{"StringEquals":{"aws:RequestTag/n":7,"aws:resourcetag/b":true}}}]}"#,
        ])
    func accepted(_ text: String) throws {
        let policy = try PolicyDocument(text, kind: .identity)
        #expect(policy.text == text && policy.statements.count == 1)
    }

    /// A statement with one element replaced.
    private static func allow(_ member: String, _ value: String) -> String {
        var members = ["Effect": #""Allow""#, "Action": #""*""#, "Resource": #""*""#]
        members[member] = value.isEmpty ? nil : value
        let text = members.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }.joined(separator: ",")
        return #"{"Version":"2012-10-17","Statement":[{\#(text)}]}"#
    }

    @Test(
        "a mistake in a statement is named with the element it is in",
        arguments: [
            ("Effect", "", "Statement[0]", "no Effect"), ("Effect", #""allow""#, "Statement[0].Effect", "no effect"),
            ("Effect", "true", "Statement[0].Effect", "a string is needed"),
            ("Action", "", "Statement[0]", "must contain actions"), ("Action", "[]", "Statement[0].Action", "empty"),
            ("Action", #""GetSecretValue""#, "Statement[0].Action", "is no action"),
            ("Action", #""secretsmanager:GetSecretVlaue""#, "Statement[0].Action", "is no action of this service"),
            ("Action", #"["*","*:Get"]"#, "Statement[0].Action[1]", "is no action"),
            ("Action", #""secretsmanager:Get:Value""#, "Statement[0].Action", "is no action"),
            ("NotAction", #""*""#, "Statement[0].NotAction", "exclude each other"),
            ("Resource", "", "Statement[0]", "must contain resources"),
            ("Resource", #""prod/orders""#, "Statement[0].Resource", "must be in ARN format or \"*\""),
            ("Resource", #""arn:aws:s3:::bucket""#, "Statement[0].Resource", "names no secret"),
            (
                "Resource", #""arn:aws:secretsmanager:*:*:secret:${aws:usrname}""#, "Statement[0].Resource",
                "can't be used"
            ),
            ("Resource", #""arn:aws:secretsmanager:*:*:secret:${aws:username""#, "Statement[0].Resource", "has no }"),
            (
                "Resource", #""arn:aws:secretsmanager:*:*:secret:${aws:PrincipalTag/a}""#, "Statement[0].Resource",
                "no condition key"
            ),
            ("Resource", #""arn:aws:secretsmanager:*:*:secret:${aws:TagKeys}""#, "Statement[0].Resource", "any number"),
            (
                "Resource", #""arn:aws:secretsmanager:*:*:secret:${aws:username, x}""#, "Statement[0].Resource",
                "not in quotes"
            ),
            ("Principal", #""*""#, "Statement[0].Principal", "should not specify a principal"),
            ("Sid", #""a b""#, "Statement[0].Sid", "letters and digits"),
            ("Sid", "1", "Statement[0].Sid", "a string is needed"),
            ("Condition", "[]", "Statement[0].Condition", "an object is needed"),
            ("Condition", #"{"StringMatches":{}}"#, "Statement[0].Condition.StringMatches", "no condition operator"),
            ("Condition", #"{"NullIfExists":{}}"#, "Statement[0].Condition.NullIfExists", "no condition operator"),
            ("Condition", #"{"BinaryEquals":{}}"#, "Statement[0].Condition.BinaryEquals", "no condition operator"),
            (
                "Condition", #"{"StringEquals":{"aws:UserName2":"a"}}"#,
                "Statement[0].Condition.StringEquals.aws:UserName2", "no condition key"
            ),
            (
                "Condition", #"{"StringEquals":{"aws:ResourceTag/":"a"}}"#,
                "Statement[0].Condition.StringEquals.aws:ResourceTag/", "names no tag"
            ),
            (
                "Condition", #"{"NumericEquals":{"aws:username":"1"}}"#,
                "Statement[0].Condition.NumericEquals.aws:username", "never holds"
            ),
            (
                "Condition", #"{"StringEquals":{"aws:TagKeys":"a"}}"#,
                "Statement[0].Condition.StringEquals.aws:TagKeys", "any number"
            ),
            (
                "Condition", #"{"Bool":{"aws:SecureTransport":"yes"}}"#,
                "Statement[0].Condition.Bool.aws:SecureTransport", "true or false"
            ),
            (
                "Condition", #"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","10.0.0.0/33"]}}"#,
                "Statement[0].Condition.IpAddress.aws:SourceIp[1]", "an address range"
            ),
            (
                "Condition", #"{"DateLessThan":{"aws:CurrentTime":"tomorrow"}}"#,
                "Statement[0].Condition.DateLessThan.aws:CurrentTime", "a date"
            ),
            (
                "Condition", #"{"NumericLessThan":{"secretsmanager:RecoveryWindowInDays":"0x10"}}"#,
                "Statement[0].Condition.NumericLessThan.secretsmanager:RecoveryWindowInDays", "a number"
            ),
            (
                "Condition", #"{"ArnLike":{"aws:PrincipalArn":"root"}}"#,
                "Statement[0].Condition.ArnLike.aws:PrincipalArn", "no ARN"
            ),
            (
                "Condition", #"{"StringEquals":{"aws:username":{"a":1}}}"#,
                "Statement[0].Condition.StringEquals.aws:username", "a string is needed"
            ),
            (
                "Condition", #"{"StringEquals":{"aws:username":[]}}"#,
                "Statement[0].Condition.StringEquals.aws:username", "empty"
            ),
            ("effect", #""Allow""#, "Statement[0].effect", "no element here"),
        ] as [(String, String, String, String)])
    func refusedStatement(_ member: String, _ value: String, _ element: String, _ phrase: String) throws {
        let text = Self.allow(member, value)
        let error = try #require(throws: PolicyError.self) { try PolicyDocument(text, kind: .identity) }
        #expect(error.element == element && error.problem.contains(phrase), "\(error)")
        #expect(error.kind == .syntax && !error.remedy.isEmpty && error.line == 1 && error.column > 1, "\(error)")
    }

    @Test(
        "a mistake in the document is named with its line and column",
        arguments: [
            ("", 1, 1, PolicyError.Kind.json), ("{\n \"Version\": }", 2, 13, .json), ("[]", 1, 1, .syntax),
            ("{}", 1, 1, .syntax), ("{\"Statement\":[]} x", 1, 18, .json), ("{\"Statement\":[]}", 1, 14, .syntax),
            ("{\"Version\":\"2019-10-17\",\n\"Statement\":[]}", 1, 12, .syntax),
            ("{\"Id\":\"ü\", \"Id\":\"b\"}", 1, 16, .json), ("{\"Id\":\"ü\", \"Version\":1}", 1, 22, .syntax),
            ("{\"Foo\":\"\"}", 1, 8, .syntax), ("{\"Statement\":[\n  {},\n  7]}", 2, 3, .syntax),
            (#"{"Id":"\ud800"}"#, 1, 7, .json), ("{\"Id\":\"\u{1}\"}", 1, 8, .json),
        ] as [(String, Int, Int, PolicyError.Kind)])
    func refusedDocument(_ text: String, _ line: Int, _ column: Int, _ kind: PolicyError.Kind) throws {
        let error = try #require(throws: PolicyError.self) { try PolicyDocument(text, kind: .identity) }
        #expect(error.line == line && error.column == column && error.kind == kind, "\(error)")
    }

    @Test("length and depth are bounded")
    func limits() throws {
        let policy = #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#
        let padding = String(repeating: " ", count: PolicyDocument.longest - policy.unicodeScalars.count)
        #expect(throws: Never.self) { try PolicyDocument(policy + padding, kind: .identity) }
        let long = try #require(throws: PolicyError.self) {
            try PolicyDocument(policy + padding + " ", kind: .identity)
        }
        #expect(long.kind == .json && long.problem.contains("20480"))
        for bracket in ["[", "{\"a\":"] {
            let deep = String(repeating: bracket, count: 3_000)
            let error = try #require(throws: PolicyError.self) { try PolicyDocument(deep, kind: .identity) }
            #expect(error.problem.contains("too deep"))
        }
    }

    @Test(
        "a slip is told with what was meant",
        arguments: [
            ("Action", #""secretsmanager:GetSecretVlaue""#, "secretsmanager:GetSecretValue?"),
            ("Action", #""secretmanager:GetSecretValue""#, "secretsmanager:GetSecretValue?"),
            ("Action", #"["kms:Decrypt","secrets-manager:*"]"#, "secretsmanager:*?"),
            ("Action", #""Secrets:GetSecretValue""#, "secretsmanager:GetSecretValue?"),
            ("Action", #""sercetsmanager:GetSecretValue""#, "secretsmanager:GetSecretValue?"),
            ("Condition", #"{"ForAnyValue:StringLikesIfExists":{}}"#, "StringLike?"),
            ("Condition", #"{"stringequals":{}}"#, "StringEquals?"), ("Condition", #"{"IPAddress":{}}"#, "IpAddress?"),
            ("Condition", #"{"StringEquals":{"aws:usrname":"a"}}"#, "aws:username?"),
            ("Condition", #"{"StringEquals":{"aws:VersionStage":"a"}}"#, "secretsmanager:VersionStage?"),
        ])
    func slips(_ member: String, _ value: String, _ meant: String) throws {
        let text = Self.allow(member, value)
        let error = try #require(throws: PolicyError.self) { try PolicyDocument(text, kind: .identity) }
        #expect(error.remedy == "did you mean \(meant)", "\(error)")
    }

    @Test("two statements with one Sid are refused, two without are not")
    func sids() throws {
        func policy(_ first: String, _ second: String) -> String {
            let rest = #""Effect":"Allow","Action":"*","Resource":"*""#
            return #"{"Statement":[{"Sid":"\#(first)",\#(rest)},{"Sid":"\#(second)",\#(rest)}]}"#
        }
        #expect(throws: Never.self) { try PolicyDocument(policy("", ""), kind: .identity) }
        #expect(throws: Never.self) { try PolicyDocument(policy("a", "A"), kind: .identity) }
        let error = try #require(throws: PolicyError.self) { try PolicyDocument(policy("a", "a"), kind: .identity) }
        #expect(error.problem.contains("Sid a"))
    }

    @Test(
        "principals are * or callers that there can be",
        arguments: [
            (#""*""#, true), (#"{"AWS":"*"}"#, true),
            (#"{"AWS":["000000000000","arn:aws:iam::000000000000:root"]}"#, true),
            (#"{"AWS":"arn:aws:iam::000000000000:user/app"}"#, true),
            (#"{"AWS":"arn:aws:sts::000000000000:assumed-role/r/s"}"#, true), (#""app""#, false), (#"{}"#, false),
            (#"{"Service":"lambda.amazonaws.com"}"#, false), (#"{"AWS":"arn:aws:iam::000000000000:user/*"}"#, false),
            (#"{"AWS":"arn:aws:iam::000000000000:user/"}"#, false), (#"{"AWS":"arn:aws:iam::1:root"}"#, false),
            (#"{"AWS":"arn:aws:iam::000000000000:group/g"}"#, false), (#"{"AWS":[]}"#, false),
            (#"{"AWS":"AIDAEXAMPLE"}"#, false), (#"{"Federated":"*"}"#, false),
        ])
    func principals(_ principal: String, _ isLegal: Bool) throws {
        let members = #""Effect":"Allow","Principal":\#(principal),"Action":"*","Resource":"*""#
        do {
            _ = try AccessSample.statement(members, kind: .resource)
            #expect(isLegal)
        } catch let error as PolicyError {
            #expect(!isLegal && error.element.hasPrefix("Statement[0].Principal"), "\(error)")
        }
    }

    @Test(
        "a policy cut, doubled or altered anywhere is read or refused, and never traps",
        arguments: [1, 2, 3] as [UInt64])
    func mutations(seed: UInt64) {
        var random = SeededRandom(seed: seed)
        let condition = #"{"ForAnyValue:StringLike":{"aws:TagKeys":["é🔑*","${aws:username, 'x'}"]}}"#
        let original = Array(Self.allow("Condition", condition).utf8)
        #expect(throws: Never.self) { try PolicyDocument(String(decoding: original, as: UTF8.self), kind: .identity) }
        var accepted = 0
        var refused = 0
        for _ in 0..<3_000 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.insert(contentsOf: "{}[]\",:\\${".utf8.shuffled(using: &random).prefix(1), at: place)
                case _: bytes.remove(at: place)
                }
            }
            do {
                _ = try PolicyDocument(String(decoding: bytes, as: UTF8.self), kind: .identity)
                accepted += 1
            } catch {
                refused += 1
                #expect(error.line >= 1 && error.column >= 1)
            }
        }
        #expect(refused > 1_000 && accepted > 10, "seed \(seed): \(refused) refused, \(accepted) accepted")
    }
}
