import SecretsManagerWire
import Testing

@Suite("The service model", .enabled(if: Botocore.isThereOrRequired)) struct ServiceModelTests {
    @Test("every member of every operation is described here as the service model describes it")
    func members() throws {
        var ours: Set<String> = []
        for operation in SecretsManagerOperation.allCases {
            ours.formUnion(Self.lines(operation.input.shape, operation.rawValue + ".input"))
            ours.formUnion(Self.lines(operation.output.shape, operation.rawValue + ".output"))
        }
        let theirs = Set(try Botocore.lines(Self.program))
        #expect(theirs.count > 250)
        #expect(ours.subtracting(theirs).sorted() == [])
        #expect(theirs.subtracting(ours).sorted() == [])
    }

    @Test("the operations and the errors are those of the service model")
    func names() throws {
        let program = """
            import botocore.session
            model = botocore.session.get_session().get_service_model('secretsmanager')
            for name in model.operation_names: print('operation', name)
            for shape in model.error_shapes: print('error', shape.name)
            """
        let theirs = try Botocore.lines(program)
        let ours =
            SecretsManagerOperation.allCases.map { "operation \($0)" }
            + SecretsManagerError.Code.allCases.filter(\.isModelled).map { "error \($0.rawValue)" }
        #expect(theirs.sorted() == ours.sorted())
    }

    private static func lines(_ shape: StructureShape, _ path: String) -> [String] {
        shape.members.flatMap { member in
            lines(member.shape, "\(path).\(member.name)", suffix: member.isRequired ? " required" : "")
        }
    }

    private static func lines(_ shape: WireShape, _ path: String, suffix: String = "") -> [String] {
        func limits(_ least: Int?, _ most: Int?) -> String {
            "\(least.map(String.init) ?? "None")..\(most.map(String.init) ?? "None")"
        }
        switch shape {
        case .text(let rule):
            let pattern = rule.pattern?.rawValue ?? "None"
            let options = "[\(rule.options.joined(separator: ","))]"
            let secret = rule.isSensitive ? " sensitive" : ""
            return ["\(path) string \(limits(rule.least, rule.most)) \(pattern) \(options)\(secret)\(suffix)"]
        case .blob(let least, let most): return ["\(path) blob \(limits(least, most)) sensitive\(suffix)"]
        case .integer(let least, let most): return ["\(path) integer \(limits(least, most))\(suffix)"]
        case .long(let least, let most): return ["\(path) long \(limits(least, most))\(suffix)"]
        case .boolean: return ["\(path) boolean\(suffix)"]
        case .timestamp: return ["\(path) timestamp\(suffix)"]
        case .list(let element, let least, let most):
            return ["\(path) list \(limits(least, most))\(suffix)"] + lines(element, path + "[]")
        case .map(let key, let value):
            return ["\(path) map\(suffix)"] + lines(key, path + "{key}") + lines(value, path + "{value}")
        case .structure(let shape): return ["\(path) structure\(suffix)"] + lines(shape, path)
        }
    }

    private static let program = """
        import gzip, json, os, botocore
        folder = os.path.join(botocore.__path__[0], 'data', 'secretsmanager', '2017-10-17')
        packed = os.path.join(folder, 'service-2.json.gz')
        model = json.load(gzip.open(packed) if os.path.exists(packed) else open(packed[:-3]))
        shapes = model['shapes']
        def walk(name, path, suffix=''):
            shape = shapes[name]
            kind = shape['type']
            limits = '%s..%s' % (shape.get('min'), shape.get('max'))
            secret = ' sensitive' if shape.get('sensitive') else ''
            if kind == 'string':
                options = '[%s]' % ','.join(shape.get('enum', []))
                print(path, kind, limits, shape.get('pattern'), options + secret + suffix)
            elif kind == 'blob': print(path, kind, limits + secret + suffix)
            elif kind in ('integer', 'long'): print(path, kind, limits + suffix)
            elif kind == 'list':
                print(path, kind, limits + suffix)
                walk(shape['member']['shape'], path + '[]')
            elif kind == 'map':
                print(path, kind + suffix)
                walk(shape['key']['shape'], path + '{key}')
                walk(shape['value']['shape'], path + '{value}')
            elif kind == 'structure':
                print(path, kind + suffix)
                members(name, path)
            else: print(path, kind + suffix)
        def members(name, path):
            shape = shapes[name]
            for member, value in shape['members'].items():
                walk(value['shape'], path + '.' + member, ' required' if member in shape.get('required', []) else '')
        for name, operation in model['operations'].items():
            for side in ('input', 'output'):
                if side in operation: members(operation[side]['shape'], name + '.' + side)
        """
}
