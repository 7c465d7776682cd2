namespace Tallystick.Core.Pages;

/// <summary>The place of a line in its author's chain: page number (from 1) and index on the page (from 0).</summary>
public readonly record struct Ref(long Page, int Line) : IComparable<Ref>
{
    /// <inheritdoc/>
    public int CompareTo(Ref other) => Page != other.Page ? Page.CompareTo(other.Page) : Line.CompareTo(other.Line);

    public static bool operator <(Ref left, Ref right) => left.CompareTo(right) < 0;
    public static bool operator >(Ref left, Ref right) => left.CompareTo(right) > 0;
    public static bool operator <=(Ref left, Ref right) => left.CompareTo(right) <= 0;
    public static bool operator >=(Ref left, Ref right) => left.CompareTo(right) >= 0;

    /// <summary>The form <c>page.line</c>.</summary>
    public override string ToString() => $"{Page}.{Line}";
}
