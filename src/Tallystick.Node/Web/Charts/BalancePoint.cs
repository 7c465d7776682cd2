namespace Tallystick.Node.Web.Charts;

/// <summary>A balance at a moment.</summary>
internal readonly record struct BalancePoint(DateTimeOffset Time, long Units);
