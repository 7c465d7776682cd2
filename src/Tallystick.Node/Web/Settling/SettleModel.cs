using Tallystick.Client;

namespace Tallystick.Node.Web.Settling;

/// <summary>The lists of settlements.</summary>
/// <param name="Open">Those to which something can still happen, newest first.</param>
/// <param name="Past">The others, newest first.</param>
/// <param name="Before">Where what is older begins, or null.</param>
public sealed record SettleModel(
    IReadOnlyList<SettlementInfo> Open, IReadOnlyList<SettlementInfo> Past, string? Before);

/// <summary>The page of all settlements and what stands in its form.</summary>
public sealed record SettleView(SettleModel Lists, SettleFormModel Form);

/// <summary>The form that proposes.</summary>
/// <param name="RequestId">Sending it twice proposes once.</param>
public sealed record SettleFormModel(string RequestId)
{
    public IReadOnlyList<string> Peers { get; init; } = [];

    public IReadOnlyList<string> Assets { get; init; } = [];

    public string? Peer { get; init; }

    /// <summary>Who paid: <c>me</c>, <c>peer</c>, or <c>ask</c> for what one laid out.</summary>
    public string? Payer { get; init; }

    public string? Asset { get; init; }

    public string? Amount { get; init; }

    public string? Method { get; init; }

    public string? Reference { get; init; }

    /// <summary>Why it was refused, one sentence, or null.</summary>
    public string? Problem { get; init; }
}

/// <summary>One settlement and what stands in its form.</summary>
public sealed record SettlementView(SettlementDetail Detail, ChangeFormModel Form);

/// <summary>The form that says something of a settlement.</summary>
/// <param name="RequestId">Sending it twice says it once.</param>
public sealed record ChangeFormModel(string RequestId)
{
    public string? Amount { get; init; }

    public string? Method { get; init; }

    public string? Reference { get; init; }

    public string? Reason { get; init; }

    /// <summary>Why it was refused, one sentence, or null.</summary>
    public string? Problem { get; init; }

    /// <summary>Whether another open one looks like the same money, so that a choice has to be made.</summary>
    public bool HasTwin { get; init; }
}
