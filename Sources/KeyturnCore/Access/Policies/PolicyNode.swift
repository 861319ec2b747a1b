/// A node of a policy's JSON with the name of the element it is.
struct PolicyNode {
    let json: JSONNode
    /// Such as `Statement[1].Condition`; empty for the document.
    let element: String

    func fault(_ problem: String, _ remedy: String, kind: PolicyError.Kind = .syntax) -> PolicyFault {
        PolicyFault(kind: kind, element: element, position: json.position, problem: problem, remedy: remedy)
    }

    /// The members of an object, in the order of the text.
    func members() throws(PolicyFault) -> [(key: String, value: PolicyNode)] {
        guard case .object(let members) = json.content else {
            throw fault("an object is needed here", "write { … }")
        }
        return members.map { member in
            let name = element.isEmpty ? member.key : "\(element).\(member.key)"
            return (member.key, PolicyNode(json: member.value, element: name))
        }
    }

    /// The members of an object that may have these and no others.
    func members(known: Set<String>) throws(PolicyFault) -> [String: PolicyNode] {
        var found: [String: PolicyNode] = [:]
        for (key, value) in try members() {
            guard known.contains(key) else {
                let nearest = known.first { $0.lowercased() == key.lowercased() }
                throw value.fault(
                    "\(key) is no element here",
                    nearest.map { "write \($0)" } ?? "known here: \(known.sorted().joined(separator: ", "))")
            }
            found[key] = value
        }
        return found
    }

    func text() throws(PolicyFault) -> String {
        guard case .text(let text) = json.content else { throw fault("a string is needed here", "write it in quotes") }
        return text
    }

    /// One node or a list of them; an empty list is refused.
    func oneOrMore() throws(PolicyFault) -> [PolicyNode] {
        guard case .array(let nodes) = json.content else { return [self] }
        guard !nodes.isEmpty else { throw fault("the list is empty", "name at least one, or leave the element out") }
        return nodes.enumerated().map { PolicyNode(json: $1, element: "\(element)[\($0)]") }
    }
}
