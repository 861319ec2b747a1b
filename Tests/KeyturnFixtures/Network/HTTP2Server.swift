/// An HTTPS server on 127.0.0.1 that speaks HTTP/2, and 1.1 to those who want it: a script for Node.
///
/// It answers with the version and the body it got; `/die` ends the connection, `/hang` is never answered, `/digest`
/// wants Digest, and `/count` tells how often `/die` was asked for.
package final class HTTP2Server: Sendable {
    /// The program, if it can be started here: Node is no package that the tests install.
    package static let programs = ["node"].filter { program in
        (try? run(program, ["--version"]))?.status == 0  // Not found: there is nothing to test with.
    }

    private static let script = """
        const http2 = require('http2'), fs = require('fs');
        const [certificate, key, port] = process.argv.slice(2);
        const server = http2.createSecureServer(
            { cert: fs.readFileSync(certificate), key: fs.readFileSync(key), allowHTTP1: true });
        let deaths = 0;
        server.on('request', (request, response) => {
            const pieces = [];
            request.on('data', piece => pieces.push(piece));
            request.on('end', () => {
                if (request.url == '/die') { deaths += 1; request.stream.session.destroy(); return; }
                if (request.url == '/hang') return;
                if (request.url == '/digest' && !request.headers.authorization) {
                    response.writeHead(401, { 'WWW-Authenticate': 'Digest realm="r", nonce="n", qop="auth"' });
                    response.end();
                    return;
                }
                const body = Buffer.concat(pieces).toString();
                response.end(request.url == '/count' ? `${deaths}` : `${request.httpVersion} ${body}`);
            });
        });
        server.listen(Number(port), '127.0.0.1', () => console.log('listening'));
        """

    /// The port to connect to.
    package let port: Int
    /// The authority that signed the server's certificate.
    package let caFile: String
    private let process: SpawnedProcess
    private let directory: TemporaryDirectory

    /// Starts it and waits until it listens.
    package init(_ program: String) throws {
        directory = try TemporaryDirectory()
        let certificates = try ServerCertificates(in: directory, keyOwner: nil)
        caFile = certificates.caPath
        port = try Loopback.freePort()
        let file = try directory.write("server.js", Self.script)
        process = try spawn(program, [file, certificates.certificatePath, certificates.keyPath, "\(port)"])
        guard process.waitForOutput(containing: "listening", timeout: .seconds(20)) else {
            throw FixtureFailure("\(program) does not listen: \(process.error)")
        }
    }

    deinit { process.kill() }
}
