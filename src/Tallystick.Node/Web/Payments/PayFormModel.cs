namespace Tallystick.Node.Web.Payments;

/// <summary>The form that pays.</summary>
/// <param name="Peers">Whom one can choose; one alone is no choice.</param>
/// <param name="Assets">What one can pay in.</param>
/// <param name="At">The page that it stands on: <c>overview</c> or <c>peer</c>.</param>
/// <param name="RequestId">Pressing twice, or again after a lost answer, pays once.</param>
public sealed record PayFormModel(
    IReadOnlyList<string> Peers, IReadOnlyList<string> Assets, string At, string RequestId)
{
    public string? Peer { get; init; }

    public string? Asset { get; init; }

    public string? Amount { get; init; }

    public string? Memo { get; init; }

    /// <summary>Why it was refused, one sentence, or null.</summary>
    public string? Problem { get; init; }
}
