import Testing

@testable import KeyturnCore

@Suite("Checks of resource policies") struct ResourcePolicyCheckTests {
    private static func text(_ members: String) -> String {
        #"{"Version":"2012-10-17","Statement":[{\#(members)}]}"#
    }

    private static func checks(
        _ text: String, identity: AccessPolicy = .builtIn(.admin)
    ) throws -> [ResourcePolicyCheck.Name] {
        let request = try AccessSample.request(.putResourcePolicy)
        return ResourcePolicyCheck.all(text, request: request, identity: identity).map(\.name)
    }

    @Test(
        "everybody is let in unless a condition names who",
        arguments: [
            (#""Principal":"*""#, true), (#""Principal":{"AWS":["000000000000","*"]}"#, true),
            (#""Principal":{"AWS":"000000000000"}"#, false),
            (#""Principal":{"AWS":"arn:aws:iam::000000000000:user/a"}"#, false),
            (#""NotPrincipal":{"AWS":"arn:aws:iam::000000000000:user/a"}"#, true),
            (#""Principal":"*","Condition":{"StringEquals":{"aws:PrincipalAccount":"000000000000"}}"#, false),
            (#""Principal":"*","Condition":{"StringEqualsIfExists":{"aws:username":"a"}}"#, true),
            (#""Principal":"*","Condition":{"StringLike":{"aws:username":"a*"}}"#, true),
            (#""Principal":"*","Condition":{"StringNotEquals":{"aws:username":"a"}}"#, true),
            (
                #""Principal":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::000000000000:user/a"}}"#,
                false
            ),
            (#""Principal":"*","Condition":{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::000000000000:user/*"}}"#, true),
            (#""Principal":"*","Condition":{"StringEquals":{"aws:username":"${aws:username}"}}"#, true),
            (#""Principal":"*","Condition":{"ForAllValues:StringEquals":{"aws:username":"a"}}"#, true),
            (#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}"#, false),
            (#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":["10.0.0.0/8","0.0.0.0/1"]}}"#, true),
            (#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"2001:db8::/32"}}"#, false),
            (#""Principal":"*","Condition":{"IpAddress":{"aws:SourceIp":"2000::/3"}}"#, true),
            (#""Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"true"}}"#, true),
            (#""Principal":"*","Condition":{"StringEquals":{"secretsmanager:VersionStage":"AWSCURRENT"}}"#, true),
        ])
    func broad(_ members: String, _ isBroad: Bool) throws {
        let rest = #","Action":"secretsmanager:GetSecretValue","Resource":"*""#
        #expect(try Self.checks(Self.text(#""Effect":"Allow","# + members + rest)) == (isBroad ? [.broadAccess] : []))
        let denies = try PolicyDocument(Self.text(#""Effect":"Deny","# + members + rest), kind: .resource)
        #expect(denies.broadStatement == nil)
    }

    @Test("a text that is no policy fails the syntax check, with AWS's text and the place")
    func syntax() throws {
        let request = try AccessSample.request(.validateResourcePolicy)
        for (text, phrase) in [
            ("{", "This resource policy contains invalid Json. line 1, column 2"),
            (Self.text(#""Effect":"Allow""#), "This policy has invalid syntax. line 1"),
            (
                Self.text(#""Effect":"Allow","Principal":"x","Action":"*","Resource":"*""#),
                "This resource policy contains an unsupported principal. line 1"
            ),
        ] {
            let found = ResourcePolicyCheck.all(text, request: request, identity: .builtIn(.admin))
            #expect(found.map(\.name) == [.syntax] && found[0].message.hasPrefix(phrase), "\(found)")
        }
    }

    @Test(
        "a caller who could neither replace nor delete the policy is told",
        arguments: [
            (#""Effect":"Deny","Principal":"*","Action":"*","Resource":"*""#, true),
            (#""Effect":"Deny","Principal":"*","Action":"secretsmanager:PutResourcePolicy","Resource":"*""#, false),
            (#""Effect":"Deny","Principal":"*","Action":"secretsmanager:*ResourcePolicy","Resource":"*""#, true),
            (#""Effect":"Deny","Principal":{"AWS":"000000000000"},"Action":"*","Resource":"*""#, true),
            (
                #""Effect":"Deny","NotPrincipal":{"AWS":"arn:aws:iam::000000000000:user/app"},"Action":"*","Resource":"*""#,
                false
            ),
            (
                #""Effect":"Deny","Principal":{"AWS":"arn:aws:iam::000000000000:user/x"},"Action":"*","Resource":"*""#,
                false
            ),
        ])
    func lockOut(_ members: String, _ isLockedOut: Bool) throws {
        #expect(try Self.checks(Self.text(members)) == (isLockedOut ? [.lockOut] : []))
    }

    @Test("a caller whose right came from the policy alone keeps it by the new one only")
    func replacedRight() throws {
        let identity = AccessPolicy.document(
            try AccessSample.statement(
                #""Effect":"Allow","Action":"secretsmanager:ValidateResourcePolicy","Resource":"*""#))
        let app = #""Principal":{"AWS":"arn:aws:iam::000000000000:user/app"}"#
        let keeps = Self.text(#""Effect":"Allow",\#(app),"Action":"secretsmanager:*","Resource":"*""#)
        #expect(try Self.checks(keeps, identity: identity).isEmpty)
        let loses = Self.text(#""Effect":"Allow",\#(app),"Action":"secretsmanager:GetSecretValue","Resource":"*""#)
        #expect(try Self.checks(loses, identity: identity) == [.lockOut])
    }
}
