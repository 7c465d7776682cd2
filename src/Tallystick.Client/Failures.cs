namespace Tallystick.Client;

/// <summary>The node answered that it will not: bad input, something unknown, or a rule that forbids it.</summary>
public sealed class TallystickException(Problem problem) : Exception(problem.Detail)
{
    /// <summary>What the node said.</summary>
    public Problem Problem { get; } = problem;
}

/// <summary>No node answers there. Nothing was changed.</summary>
public sealed class NodeUnreachableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// The connection broke after the request had gone out, or the node stopped or failed in the middle: it may have been
/// carried out or not.
/// </summary>
/// <param name="requestId">
/// Ask again with this id: the node does it once at most. Null where there is no such id.
/// </param>
public sealed class OutcomeUnknownException(string message, string? requestId, Exception? inner = null)
    : Exception(message, inner)
{
    /// <summary>The id under which the payment was asked, or null for a request that has none.</summary>
    public string? RequestId { get; } = requestId;
}
