namespace Tallystick.Core.Money;

/// <summary>The most that the other party may owe on a tab: 0 to 2^53−1 units, or none.</summary>
public readonly record struct CreditLimit
{
    private readonly long units;

    private CreditLimit(long units) => this.units = units;

    /// <summary>No limit: the other may owe any amount.</summary>
    public static CreditLimit None { get; } = new(-1);

    /// <summary>Nothing may be owed; the limit in force before the first Limit line, and <c>default</c>.</summary>
    public static CreditLimit Zero => default;

    /// <summary>True when there is no limit.</summary>
    public bool IsNone => units < 0;

    /// <summary>The limit in units; meaningless when <see cref="IsNone"/>.</summary>
    public long Units => IsNone ? long.MaxValue : units;

    /// <summary>Makes a limit; false when outside 0 to 2^53−1.</summary>
    public static bool TryCreate(long units, out CreditLimit limit)
    {
        var valid = units is >= 0 and <= Amount.MaxUnits;
        limit = valid ? new CreditLimit(units) : default;
        return valid;
    }

    /// <summary>Makes a limit of <paramref name="units"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to 2^53−1.</exception>
    public static CreditLimit FromUnits(long units) =>
        TryCreate(units, out var limit)
            ? limit
            : throw new ArgumentOutOfRangeException(nameof(units), units, "A limit is 0 to 2^53-1 units or none.");

    /// <summary>Whether a worst-case debt of <paramref name="debtUnits"/> stays within this limit.</summary>
    public bool Allows(long debtUnits) => IsNone || debtUnits <= Units;

    /// <inheritdoc/>
    public override string ToString() => IsNone ? "none" : Units.ToString();
}
