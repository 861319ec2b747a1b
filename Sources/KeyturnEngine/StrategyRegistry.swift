public import KeyturnCore

/// The strategies there are, by name.
public struct StrategyRegistry: Sendable {
    private let byName: [StrategyName: any RotationStrategy]

    /// Two strategies of one name are a mistake of whoever builds the program.
    public init(_ strategies: [any RotationStrategy]) {
        byName = Dictionary(strategies.map { ($0.name, $0) }) { first, _ in
            preconditionFailure("two strategies are called \(first.name)")
        }
    }

    /// The strategy of that name, nil if there is none.
    public subscript(name: StrategyName) -> (any RotationStrategy)? { byName[name] }

    /// All strategies by name.
    public var all: [any RotationStrategy] { byName.values.sorted { $0.name < $1.name } }
}
