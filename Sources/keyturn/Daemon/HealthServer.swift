import Hummingbird
import KeyturnCore
import KeyturnEngine
import KeyturnListener
import KeyturnSQLiteStore
import KeyturnServer
import Logging
import NIOCore

/// The API (`POST /`), `/healthz`, `/readyz` and `/metrics`.
enum HealthServer {
    static func make(
        _ installation: Installation, _ state: DaemonState, _ door: FrontDoor,
        listeningOn: @escaping @Sendable (String) async -> Void
    ) -> some ApplicationProtocol {
        let router = Router(context: ServiceContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: ClearRefusals())
        installation.api.add(to: router, isSecure: door.identity != nil) { installation.clock.now }
        let age = AgeGauge()
        router.get("/healthz") { _, _ in plain(.ok, "ok\n") }
        router.get("/readyz") { _, _ in
            let now = installation.clock.now
            let reasons = state.hindrances(at: now)
            let events = state.with { $0.events }
            // A store that can't be asked is among the reasons. A sink that is behind is none: rotations do not wait for it.
            let backlogs = (try? await installation.backlogs(of: events)) ?? []
            let lines =
                (reasons.isEmpty ? ["ready"] : reasons) + state.notes(backlogs, at: now).map { "note: \($0)" }
            return plain(reasons.isEmpty ? .ok : .serviceUnavailable, lines.joined(separator: "\n") + "\n")
        }
        router.get("/metrics") { _, _ in
            let now = installation.clock.now
            // Without the store's own figures if it can't be asked: the others say so.
            let backlog = try? await installation.store.backlog(at: now)
            let sinks = (try? await installation.backlogs(of: state.with { $0.events })) ?? []
            let age = await age.value(at: now) { () async throws(StoreError) in
                try await installation.store.greatestAge(at: now)
            }
            let text = state.with { values in
                values.connections = door.ledger.reading
                return MetricsText.of(values, backlog, sinks, age: age, at: now)
            }
            return plain(.ok, text, type: "text/plain; version=0.0.4; charset=utf-8")
        }
        let listen = door.settings.listen
        var quiet = installation.logger
        quiet.logLevel = max(quiet.logLevel, .warning)
        return Application(
            router: router, server: door.server,
            configuration: .init(address: .hostname(listen.host, port: listen.port), serverName: "keyturn"),
            onServerRunning: { channel in
                await listeningOn(door.origin(channel.localAddress))
            }, logger: quiet)
    }

    private static func plain(
        _ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8"
    ) -> Response {
        Response(
            status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
