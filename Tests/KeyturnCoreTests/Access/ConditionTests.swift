import Testing

@testable import KeyturnCore

@Suite("Conditions of policies") struct ConditionTests {
    /// A request with a value for most keys.
    private static func request() throws -> AccessRequest {
        var context = AccessSample.context()
        context.set(.versionStage, to: "AWSCURRENT")
        context.set(.recoveryWindowInDays, to: "7")
        context.set(.forceDeleteWithoutRecovery, to: false)
        context.set(.rotationLambdaARN, to: "arn:aws:lambda:local:000000000000:function:f")
        context.requestTags = ["Team": "Orders", "env": "prod"]
        return try AccessSample.request(tags: ["env": "Prod", "Level": "5", "level": "9"], under: context)
    }

    @Test(
        "a condition holds as AWS says",
        arguments: [
            (#"{"StringEquals":{"aws:username":"app"}}"#, true),
            (#"{"StringEquals":{"AWS:UserName":["x","app"]}}"#, true),
            (#"{"StringEquals":{"aws:username":"App"}}"#, false), (#"{"StringEquals":{"aws:username":"a*"}}"#, false),
            (#"{"StringEqualsIgnoreCase":{"aws:username":"APP"}}"#, true),
            (#"{"StringNotEqualsIgnoreCase":{"aws:username":"APP"}}"#, false),
            (#"{"StringNotEquals":{"aws:username":["x","app"]}}"#, false),
            (#"{"StringNotEquals":{"aws:username":["x","y"]}}"#, true),
            (#"{"StringLike":{"aws:username":"a?p"}}"#, true), (#"{"StringNotLike":{"aws:username":"a*"}}"#, false),
            (#"{"StringLike":{"secretsmanager:SecretId":"arn:*:secret:prod/*"}}"#, true),
            (#"{"StringEquals":{"aws:userid":"KTAKAAAAAAAAAAAAAAAA"}}"#, true),
            (#"{"StringEquals":{"aws:PrincipalAccount":"000000000000","aws:username":"x"}}"#, false),
            (#"{"StringEquals":{"aws:username":"app"},"Bool":{"aws:SecureTransport":"false"}}"#, false),
            (
                #"{"StringEquals":{"secretsmanager:SecretPrimaryRegion":"local","aws:ResourceAccount":"000000000000"}}"#,
                true
            ),
            (#"{"StringEquals":{"aws:PrincipalType":"User"}}"#, true),
            (#"{"ArnEquals":{"aws:PrincipalArn":"arn:aws:iam::000000000000:user/*"}}"#, true),
            (#"{"ArnLike":{"secretsmanager:RotationLambdaARN":"arn:aws:lambda:*:*:function:g"}}"#, false),
            (#"{"ArnNotLike":{"secretsmanager:RotationLambdaARN":"arn:aws:lambda:*:*:function:g"}}"#, true),
            (#"{"NumericEquals":{"secretsmanager:RecoveryWindowInDays":7}}"#, true),
            (#"{"NumericLessThan":{"secretsmanager:RecoveryWindowInDays":"7"}}"#, false),
            (#"{"NumericLessThanEquals":{"secretsmanager:RecoveryWindowInDays":"7.0"}}"#, true),
            (#"{"NumericGreaterThan":{"secretsmanager:RecoveryWindowInDays":"6.9"}}"#, true),
            (#"{"NumericGreaterThanEquals":{"secretsmanager:RecoveryWindowInDays":"8"}}"#, false),
            (#"{"NumericNotEquals":{"secretsmanager:RecoveryWindowInDays":"8"}}"#, true),
            (#"{"DateEquals":{"aws:CurrentTime":"2026-01-01"}}"#, true),
            (#"{"DateGreaterThan":{"aws:CurrentTime":"2025-12-31T23:59:59Z"}}"#, true),
            (#"{"DateLessThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}}"#, false),
            (#"{"DateLessThanEquals":{"aws:EpochTime":"1767225600"}}"#, true),
            (#"{"DateGreaterThanEquals":{"aws:CurrentTime":"2026-01-01T01:00:00+01:00"}}"#, true),
            (#"{"DateNotEquals":{"aws:CurrentTime":"2026-01-01T01:00:00+01:00"}}"#, false),
            (#"{"NumericGreaterThan":{"aws:EpochTime":1767225599}}"#, true),
            (#"{"Bool":{"aws:SecureTransport":true}}"#, true),
            (#"{"Bool":{"secretsmanager:ForceDeleteWithoutRecovery":"true"}}"#, false),
            (#"{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","203.0.113.0/24"]}}"#, true),
            (#"{"NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}}"#, false),
            (#"{"Null":{"secretsmanager:VersionId":"true"}}"#, true),
            (#"{"Null":{"secretsmanager:VersionStage":true}}"#, false),
            (#"{"Null":{"secretsmanager:VersionStage":"false"}}"#, true),
            // Tags: by their key, then whatever its case.
            (#"{"StringEquals":{"aws:ResourceTag/env":"Prod"}}"#, true),
            (#"{"StringEquals":{"aws:ResourceTag/ENV":"Prod"}}"#, true),
            (#"{"NumericEquals":{"secretsmanager:ResourceTag/level":9}}"#, true),
            (#"{"NumericEquals":{"secretsmanager:ResourceTag/Level":5}}"#, true),
            (#"{"NumericEquals":{"secretsmanager:ResourceTag/LEVEL":5}}"#, true),
            (#"{"StringEquals":{"aws:RequestTag/team":"${aws:ResourceTag/none, 'Orders'}"}}"#, true),
            (#"{"StringEquals":{"aws:RequestTag/team":"${aws:ResourceTag/none}"}}"#, false),
            (#"{"StringLike":{"aws:username":"${aws:username}*"}}"#, true),
            (#"{"StringLike":{"aws:username":"${*}"}}"#, false),
            // Keys without a value.
            (#"{"StringEquals":{"secretsmanager:Type":"x"}}"#, false),
            (#"{"StringNotEquals":{"secretsmanager:Type":"x"}}"#, true),
            (#"{"StringEqualsIfExists":{"secretsmanager:Type":"x"}}"#, true),
            (#"{"StringEqualsIfExists":{"aws:username":"x"}}"#, false),
            (#"{"BoolIfExists":{"secretsmanager:RotateImmediately":"true"}}"#, true),
            // Several values.
            (#"{"ForAnyValue:StringEquals":{"aws:TagKeys":"env"}}"#, true),
            (#"{"ForAllValues:StringEquals":{"aws:TagKeys":"env"}}"#, false),
            (#"{"ForAllValues:StringEquals":{"aws:TagKeys":["env","Team","x"]}}"#, true),
            (#"{"ForAnyValue:StringNotEquals":{"aws:TagKeys":["env"]}}"#, true),
            (#"{"ForAllValues:StringNotLike":{"aws:TagKeys":["e*"]}}"#, false),
            (#"{"ForAllValues:StringEquals":{"secretsmanager:AddReplicaRegions":"x"}}"#, true),
            (#"{"ForAnyValue:StringEquals":{"secretsmanager:AddReplicaRegions":"x"}}"#, false),
            (#"{"ForAnyValue:StringNotEquals":{"secretsmanager:AddReplicaRegions":"x"}}"#, false),
            (#"{"ForAnyValue:StringEqualsIfExists":{"secretsmanager:AddReplicaRegions":"x"}}"#, true),
        ])
    func holds(_ condition: String, _ expected: Bool) throws {
        let decision = try Self.request().decision(identity: AccessSample.allow(if: condition), resourcePolicy: nil)
        #expect(decision.isAllowed == expected)
    }

    @Test("policy variables mean something since 2012-10-17 only")
    func versions() throws {
        for (version, expected) in [("2008-10-17", false), ("2012-10-17", true)] {
            let condition = #"{"StringEquals":{"aws:username":"${aws:username}"}}"#
            let text =
                #"{"Version":"\#(version)","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":\#(condition)}}"#
            let policy = AccessPolicy.document(try PolicyDocument(text, kind: .identity))
            #expect(try Self.request().decision(identity: policy, resourcePolicy: nil).isAllowed == expected)
        }
    }

    @Test("a value that is of another kind than the policy's compares as unequal")
    func badValues() throws {
        var context = AccessSample.context()
        context.set(.recoveryWindowInDays, to: "seven")
        let request = try AccessSample.request(.deleteSecret, under: context)
        for (condition, expected) in [
            (#"{"NumericEquals":{"secretsmanager:RecoveryWindowInDays":7}}"#, false),
            (#"{"NumericLessThan":{"secretsmanager:RecoveryWindowInDays":7}}"#, false),
            (#"{"NumericNotEquals":{"secretsmanager:RecoveryWindowInDays":7}}"#, true),
        ] {
            let policy = try AccessSample.allow(if: condition)
            #expect(request.decision(identity: policy, resourcePolicy: nil).isAllowed == expected, "\(condition)")
        }
    }

    @Test("every documented key can be written in any case, and is given a value by the request that has it")
    func everyKey() throws {
        for parameter in RequestParameter.allCases {
            #expect(try ConditionKey(parameter.rawValue.uppercased()) == .parameter(parameter))
            var context = AccessSample.context()
            context.set(parameter, to: "v")
            #expect(try AccessSample.request(under: context).values(of: .parameter(parameter)) == ["v"])
        }
        for key in AmbientKey.allCases {
            #expect(try ConditionKey(key.rawValue.lowercased()) == .ambient(key))
            var context = AccessSample.context()
            context.removedTagKeys = ["k"]
            #expect(try AccessSample.request(under: context).values(of: .ambient(key))?.isEmpty == false, "\(key)")
        }
    }

    @Test("a wrong prefix is told with the right one")
    func suggestion() throws {
        let error = try #require(throws: ConditionKey.Refusal.self) { try ConditionKey("aws:VersionStage") }
        #expect(error.remedy.contains("secretsmanager:VersionStage"))
    }
}
