import Foundation
import KeyturnCore
import KeyturnEnvelope
import KeyturnFixtures
import Testing

/// The moment at which the tests make their keys: 2026-01-01T00:00:00Z.
let start = UTCInstant(millisecondsSinceEpoch: 1_767_225_600_000)

/// A key file in a directory of its own.
struct KeyFileSample {
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/keys"
        try KeyFile.create(at: path, now: start)
    }

    func opened() throws -> KeyFile { try KeyFile(at: path) }

    func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

    /// Replaces the file's text and leaves its mode alone.
    func rewrite(_ text: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? handle.close() }  // All has been written by then.
        try handle.truncate(atOffset: 0)
        try handle.write(contentsOf: Data(text.utf8))
    }

    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).filter { $0.hasPrefix("keys") }.sorted()
    }
}

/// One version of one secret, and the key that its value is sealed under.
struct SealSample {
    let keys: KeyFileSample
    let envelope: Envelope
    let secret = secretID("prod/orders")
    let version: VersionID

    init() throws {
        keys = try KeyFileSample()
        envelope = Envelope(keys: try keys.opened())
        version = try versionID("v1")
    }

    func seal(_ text: String) throws -> [UInt8] { try envelope.seal(.string(secretBytes(text)), for: secret, version) }

    func open(_ record: [UInt8]) throws -> String {
        plaintext(try envelope.open(record, of: secret, version).bytes)
    }

    /// Why a record does not open, nil if it does.
    func refusal(_ record: [UInt8]) -> EnvelopeError? {
        envelopeError { try envelope.open(record, of: secret, version) }
    }
}

/// Why something was refused, nil if it was not.
func envelopeError<Value>(_ body: () throws -> Value) -> EnvelopeError? { refusal(body) }

/// Why a key file was refused, nil if it was not.
func keyFileError<Value>(_ body: () throws -> Value) -> KeyFileError? { refusal(body) }

private func refusal<Value, Failure: Error>(_ body: () throws -> Value) -> Failure? {
    do {
        _ = try body()
        return nil
    } catch let error as Failure {
        return error
    } catch {
        Issue.record(error, "refused by something else than \(Failure.self)")
        return nil
    }
}

func isCorrupted(_ error: EnvelopeError?) -> Bool {
    if case .corrupted = error { true } else { false }
}

func secretID(_ name: String) -> SecretID {
    SecretID(arn: "arn:aws:secretsmanager:local:000000000000:secret:\(name)-AbCdEf")
}

/// A version id that begins with a short name.
func versionID(_ name: String) throws(InvalidInput) -> VersionID {
    try VersionID(name + String(repeating: "-", count: VersionID.lengths.lowerBound))
}

/// Plaintext of a test.
func secretBytes(_ text: String) -> SecretBytes {
    var bytes = Array(text.utf8)
    return SecretBytes(taking: &bytes)
}

/// What a secret holds.
func plaintext(_ secret: SecretBytes) -> String {
    secret.withBytes { String(decoding: $0, as: UTF8.self) }
}

/// Whether some bytes occur in others.
func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
    guard bytes.count >= part.count else { return false }
    return (0...bytes.count - part.count).contains { bytes[$0..<$0 + part.count].elementsEqual(part) }
}
