namespace Tallystick.Core.Money;

/// <summary>A positive amount in the smallest unit of its asset, 1 to 2^53−1.</summary>
public readonly record struct Amount : IComparable<Amount>
{
    /// <summary>The largest amount: 2^53−1, which every JSON reader can hold exactly.</summary>
    public const long MaxUnits = (1L << 53) - 1;

    private Amount(long units) => Units = units;

    /// <summary>The amount in the asset's smallest unit. 0 only in <c>default</c>, which no codec writes.</summary>
    public long Units { get; }

    /// <summary>Makes an amount of <paramref name="units"/>; false when outside 1 to <see cref="MaxUnits"/>.</summary>
    public static bool TryCreate(long units, out Amount amount)
    {
        amount = units is >= 1 and <= MaxUnits ? new Amount(units) : default;
        return amount.Units != 0;
    }

    /// <summary>Makes an amount of <paramref name="units"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside 1 to <see cref="MaxUnits"/>.</exception>
    public static Amount FromUnits(long units) =>
        TryCreate(units, out var amount)
            ? amount
            : throw new ArgumentOutOfRangeException(nameof(units), units, "An amount is 1 to 2^53-1 units.");

    /// <inheritdoc/>
    public int CompareTo(Amount other) => Units.CompareTo(other.Units);

    public static bool operator <(Amount left, Amount right) => left.Units < right.Units;
    public static bool operator >(Amount left, Amount right) => left.Units > right.Units;
    public static bool operator <=(Amount left, Amount right) => left.Units <= right.Units;
    public static bool operator >=(Amount left, Amount right) => left.Units >= right.Units;

    /// <summary>The number of units, for logs; people read <c>AmountText</c>.</summary>
    public override string ToString() => Units.ToString();
}
