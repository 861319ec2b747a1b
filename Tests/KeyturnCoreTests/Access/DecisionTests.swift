import Testing

@testable import KeyturnCore

@Suite("Access decisions") struct DecisionTests {
    private static let allowAll = #"{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}"#

    private static func resource(_ members: String) throws -> PolicyDocument {
        try AccessSample.statement(members + #","Action":"*","Resource":"*""#, kind: .resource)
    }

    private static func app(_ effect: String, _ principal: String = "arn:aws:iam::000000000000:user/app") throws
        -> PolicyDocument
    {
        try resource(#""Sid":"Orders for app","Effect":"\#(effect)","Principal":{"AWS":"\#(principal)"}"#)
    }

    private static func nothing() throws -> AccessPolicy {
        .document(
            try AccessSample.statement(#""Effect":"Allow","Action":"kms:Decrypt","Resource":"*""#))
    }

    @Test("nothing that allows it: an implicit deny, in AWS's words")
    func implicitDeny() throws {
        let request = try AccessSample.request()
        let decision = request.decision(identity: try Self.nothing(), resourcePolicy: nil)
        #expect(decision == .notAllowed(.identity))
        #expect(
            decision.refusal(of: request, on: "prod/orders")
                == "User: arn:aws:iam::000000000000:user/app is not authorized to perform: "
                + "secretsmanager:GetSecretValue on resource: prod/orders because no identity-based policy allows the "
                + "secretsmanager:GetSecretValue action")
        let list = AccessRequest(
            principal: request.principal, action: .listSecrets, resource: .all, context: request.context)
        #expect(
            list.decision(identity: try Self.nothing(), resourcePolicy: nil).refusal(of: list, on: nil)
                == "User: arn:aws:iam::000000000000:user/app is not authorized to perform: secretsmanager:ListSecrets "
                + "because no identity-based policy allows the secretsmanager:ListSecrets action")
    }

    @Test("a Deny wins over every Allow, wherever it is, and the message says where")
    func explicitDeny() throws {
        let request = try AccessSample.request()
        let byResource = request.decision(identity: .builtIn(.admin), resourcePolicy: try Self.app("Deny"))
        #expect(byResource == .denied(DecidingStatement(source: .resource, index: 0, sid: "Orders for app")))
        let start =
            "User: arn:aws:iam::000000000000:user/app is not authorized to perform: secretsmanager:GetSecretValue on "
            + "resource: x with an explicit deny in "
        #expect(byResource.refusal(of: request, on: "x") == start + "a resource-based policy")
        #expect(byResource.explanation == "denied by statement 1 (Orders for app) of the resource-based policy")
        let identity = try PolicyDocument(
            """
            {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"},
             {"Effect": "Deny", "Action": "secretsmanager:get*", "Resource": "*"}]}
            """, kind: .identity)
        let byIdentity = request.decision(identity: .document(identity), resourcePolicy: try Self.app("Allow"))
        #expect(byIdentity == .denied(DecidingStatement(source: .identity, index: 1, sid: nil)))
        #expect(byIdentity.refusal(of: request, on: "x") == start + "an identity-based policy")
    }

    @Test("in one account an Allow of either policy suffices")
    func sameAccount() throws {
        let request = try AccessSample.request()
        #expect(
            request.decision(identity: try Self.nothing(), resourcePolicy: try Self.app("Allow"))
                == .allowed(DecidingStatement(source: .resource, index: 0, sid: "Orders for app")))
        let admin = request.decision(identity: .builtIn(.admin), resourcePolicy: nil)
        #expect(admin == .allowed(DecidingStatement(source: .identity, index: 0, sid: nil)))
        #expect(admin.refusal(of: request, on: "x") == nil)
        let other = try AccessSample.request(by: "other")
        #expect(!other.decision(identity: try Self.nothing(), resourcePolicy: try Self.app("Allow")).isAllowed)
    }

    @Test(
        "an account as principal lets nobody in by itself, and a Deny of it meets everybody in it",
        arguments: ["000000000000", "arn:aws:iam::000000000000:root"])
    func accountPrincipal(_ account: String) throws {
        let request = try AccessSample.request()
        let allow = try Self.app("Allow", account)
        #expect(request.decision(identity: try Self.nothing(), resourcePolicy: allow) == .notAllowed(.identity))
        #expect(request.decision(identity: .builtIn(.readOnly), resourcePolicy: allow).isAllowed)
        let deny = try Self.app("Deny", account)
        #expect(!request.decision(identity: .builtIn(.admin), resourcePolicy: deny).isAllowed)
    }

    @Test("across accounts both policies have to allow it")
    func crossAccount() throws {
        let request = try AccessSample.request(account: "111111111111")
        let user = "arn:aws:iam::111111111111:user/app"
        #expect(request.decision(identity: .builtIn(.admin), resourcePolicy: nil) == .notAllowed(.resource))
        #expect(
            request.decision(identity: try Self.nothing(), resourcePolicy: try Self.app("Allow", user))
                == .notAllowed(.identity))
        for principal in [user, "111111111111", "*"] {
            let policy = try Self.app("Allow", principal)
            #expect(request.decision(identity: .builtIn(.admin), resourcePolicy: policy).isAllowed, "\(principal)")
        }
    }

    @Test("NotPrincipal, NotAction and NotResource mean everything else")
    func negations() throws {
        let except = #"{"AWS":"arn:aws:iam::000000000000:user/app"}"#
        let deny = try Self.resource(#""Effect":"Deny","NotPrincipal":\#(except)"#)
        let app = try AccessSample.request()
        let other = try AccessSample.request(by: "other")
        #expect(app.decision(identity: .builtIn(.admin), resourcePolicy: deny).isAllowed)
        #expect(!other.decision(identity: .builtIn(.admin), resourcePolicy: deny).isAllowed)
        let identity = AccessPolicy.document(
            try AccessSample.statement(
                #""Effect":"Allow","NotAction":"secretsmanager:Delete*","NotResource":"arn:*:secret:prod/*""#))
        for (action, name, expected) in [
            (.getSecretValue, "test/a", true), (.deleteSecret, "test/a", false), (.getSecretValue, "prod/a", false),
        ] as [(AccessAction, String, Bool)] {
            let request = try AccessSample.request(action, on: name)
            #expect(
                request.decision(identity: identity, resourcePolicy: nil).isAllowed == expected, "\(action) \(name)")
        }
    }

    @Test(
        "a resource is matched as a whole, its suffix too",
        arguments: [
            ("arn:aws:secretsmanager:*:*:secret:prod/orders-??????", "prod/orders", true),
            ("arn:aws:secretsmanager:*:*:secret:prod/orders-??????", "prod/orders-old", false),
            ("arn:aws:secretsmanager:*:*:secret:prod/*", "prod/orders", true),
            ("arn:aws:secretsmanager:*:*:secret:PROD/*", "prod/orders", false),
            ("arn:aws:secretsmanager:local:000000000000:secret:prod/orders", "prod/orders", false),
            ("arn:aws:secretsmanager:local:*", "prod/orders", true),
            ("arn:aws:secretsmanager:eu-west-1:*", "prod/orders", false),
            ("arn:aws:secretsmanager:*:*:secret:${aws:username}/*", "app/own", true),
            ("arn:aws:secretsmanager:*:*:secret:${aws:username}/*", "other/own", false),
        ] as [(String, String, Bool)])
    func resources(_ pattern: String, _ name: String, _ expected: Bool) throws {
        let policy = AccessPolicy.document(
            try AccessSample.statement(#""Effect":"Allow","Action":"*","Resource":"\#(pattern)""#))
        #expect(
            try AccessSample.request(on: name).decision(identity: policy, resourcePolicy: nil).isAllowed == expected)
    }

    @Test("a name with a wildcard's look widens nothing through a policy variable")
    func variablesAreText() throws {
        let policy = AccessPolicy.document(
            try AccessSample.statement(
                #""Effect":"Allow","Action":"*","Resource":"*","Condition":{"StringLike":{"aws:RequestTag/of":"${aws:RequestTag/by}"}}"#
            ))
        var context = AccessSample.context()
        context.requestTags = ["of": "anything", "by": "*"]
        #expect(!(try AccessSample.request(under: context)).decision(identity: policy, resourcePolicy: nil).isAllowed)
        context.requestTags = ["of": "*", "by": "*"]
        #expect(try AccessSample.request(under: context).decision(identity: policy, resourcePolicy: nil).isAllowed)
    }

    @Test("operations without a secret need * as the resource")
    func withoutSecret() throws {
        for (pattern, expected) in [("*", true), ("arn:aws:secretsmanager:*:*:secret:*", false)] {
            let policy = AccessPolicy.document(
                try AccessSample.statement(#""Effect":"Allow","Action":"*","Resource":"\#(pattern)""#))
            let request = AccessRequest(
                principal: try AccessSample.principal(), action: .listSecrets, resource: .all,
                context: AccessSample.context())
            #expect(request.decision(identity: policy, resourcePolicy: nil).isAllowed == expected)
        }
    }

    @Test("admin may do everything, read-only what changes nothing", arguments: AccessAction.allCases)
    func builtIn(_ action: AccessAction) throws {
        let request = try AccessSample.request(action)
        #expect(request.decision(identity: .builtIn(.admin), resourcePolicy: nil).isAllowed)
        let reads = ["Get", "Describe", "List", "BatchGet"].contains { action.rawValue.hasPrefix($0) }
        #expect(request.decision(identity: .builtIn(.readOnly), resourcePolicy: nil).isAllowed == reads)
    }
}
