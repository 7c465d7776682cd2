namespace Tallystick.Node.Tests;

/// <summary>Tests that load the machine so much that others beside them would wait too long.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
