import Foundation
import KeyturnFixtures

/// AWS's own client for Python: the service model, a signer and a parser that this project did not write.
enum Botocore {
    /// True if Python has it and it knows managed external secrets, as old versions do not; or if its absence has to fail the run: `KEYTURN_REQUIRE_DATABASES=1`, unless
    /// `KEYTURN_ALLOW_MISSING` names `botocore`.
    static let isThereOrRequired: Bool = {
        let allowed = ProcessInfo.processInfo.environment["KEYTURN_ALLOW_MISSING"]?.split(separator: ",") ?? []
        return isThere || (Availability.databasesRequired && !allowed.contains("botocore"))
    }()

    private static let isThere = (try? python(newEnough)) != nil  // A Python without it ends with a status.

    private static let newEnough = """
        import botocore.session
        model = botocore.session.get_session().get_service_model('secretsmanager')
        assert 'ExternalSecretRotationMetadata' in model.operation_model('RotateSecret').input_shape.members
        """

    /// Runs a program with a JSON value as its input, and reads one from its output.
    static func run<Output: Decodable>(_ program: String, input: some Encodable, as type: Output.Type) throws -> Output
    {
        let output = try python(program, input: try JSONEncoder().encode(input))
        return try JSONDecoder().decode(Output.self, from: output)
    }

    /// Runs a program and returns the lines that it wrote.
    static func lines(_ program: String) throws -> [String] {
        String(decoding: try python(program), as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    @discardableResult private static func python(_ program: String, input: Data? = nil) throws -> Data {
        let result = try KeyturnFixtures.run("python3", ["-c", program], input: input)
        guard result.status == 0 else { throw Failure(description: "python3: \(result.error)") }
        return result.outputBytes
    }
}
