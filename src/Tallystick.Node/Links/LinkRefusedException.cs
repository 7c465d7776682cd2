namespace Tallystick.Node.Links;

/// <summary>One side ended a handshake on purpose.</summary>
#pragma warning disable CA1032, CA1064 // It never leaves the folder and always has a reason.
internal sealed class LinkRefusedException(string reason, bool byOther = false) : Exception(reason)
#pragma warning restore CA1032, CA1064
{
    /// <summary>Why, by name, as it stands in a Bye.</summary>
    public string Reason { get; } = reason;

    /// <summary>True when the other side said so.</summary>
    public bool ByOther { get; } = byOther;
}
