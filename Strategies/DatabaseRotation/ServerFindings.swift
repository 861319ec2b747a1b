public import KeyturnCore

extension CredentialProof {
    /// What a log-in shows of the server, before anything is asked about the account.
    public func findings(_ identity: SessionIdentity, _ label: StagingLabel) -> [Finding] {
        var found = [
            label == .current
                ? Finding("log-in", .pass, "AWSCURRENT logs in as \(identity.sessionUser)")
                : Finding(
                    "log-in", .warn, "the server has AWSPENDING already; AWSCURRENT is refused",
                    remedy: "finish with keyturn rotate, now")
        ]
        found.append(
            Finding("server", .pass, "\(identity.family.product) \(identity.serverVersion) at \(identity.endpoint)"))
        found.append(
            identity.isReadOnly
                ? Finding(
                    "writable", .fail, "the server is a replica, in recovery or read-only",
                    remedy: "name the primary in \"host\", or all servers in \"hosts\"")
                : Finding("writable", .pass, "the server takes writes"))
        found.append(
            identity.didUsePassword
                ? Finding("authentication", .pass, "the server asks for the password")
                : Finding(
                    "authentication", .fail, "the server did not ask for a password: nothing can be proven",
                    remedy: "have the server ask this user and machine for a password"))
        found.append(
            identity.hashingObjection.map {
                Finding("password-hashing", .fail, $0, remedy: "see keyturn's page on the engine")
            } ?? Finding("password-hashing", .pass, "the server keeps passwords in a safe form"))
        let isPlainOverNetwork = !identity.isEncrypted && !identity.endpoint.isLocal
        found.append(
            isPlainOverNetwork
                ? Finding(
                    "encryption", .warn, "the connection is plain text over a network, as the secret asks",
                    remedy: "remove \"ssl\":false or \"sslmode\":\"disable\" from the secret")
                : Finding("encryption", .pass, identity.isEncrypted ? "TLS" : "plain text within this machine"))
        return found
    }

    /// A user's sessions; none where the server shows them to nobody but those who may see all.
    public func visibleSessions(
        of account: AccountName, _ session: any DatabaseSession, _ context: RotationContext
    ) async throws(DatabaseFailure) -> [ActiveSession] {
        do throws(DatabaseFailure) { return try await session.sessions(of: account, within: context.remaining()) } catch
        {
            guard error.kind == .permissionDenied else { throw error }
            return []
        }
    }

    /// How each of the operator's queries comes out.
    public func verificationFindings(
        _ session: any DatabaseSession, _ label: StagingLabel, _ context: RotationContext
    ) async -> [Finding] {
        var found: [Finding] = []
        for (index, query) in context.settings.verification.enumerated() {
            let name = "verification-\(index + 1)"
            do {
                let value = try await session.firstValue(of: query.sql, within: context.remaining())
                let isExpected = query.expected == nil || query.expected == value
                found.append(
                    isExpected
                        ? Finding(name, .pass, "works with \(label)")
                        : Finding(name, .fail, "gives another result than expected", remedy: "mend the query"))
            } catch {
                found.append(Finding(name, .fail, error.description, remedy: "mend the query or the privileges"))
            }
        }
        return found
    }
}
