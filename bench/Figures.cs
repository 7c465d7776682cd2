namespace Tallystick.Bench;

/// <summary>Payments a second, and milliseconds from the request to the peer's durable receipt at the payer.</summary>
internal sealed record Figures(string Name, long Payments, double PerSecond, double P50Ms, double P99Ms)
{
    /// <summary>Processor time of the payer's process for each payment, the load included, or null.</summary>
    public double? PayerMicroseconds { get; init; }

    /// <summary>Processor time of the other process for each payment, or null.</summary>
    public double? PeerMicroseconds { get; init; }
}
