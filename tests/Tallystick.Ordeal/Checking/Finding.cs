namespace Tallystick.Ordeal.Checking;

/// <summary>Something that does not hold.</summary>
/// <param name="Kind">A word for the claim that is broken, one of <see cref="Claims"/>.</param>
/// <param name="Text">Where, and what was found there.</param>
internal sealed record Finding(string Kind, string Text);

/// <summary>What the checker proves, each by one word.</summary>
internal static class Claims
{
    public const string Bytes = "bytes";
    public const string Number = "number";
    public const string Previous = "previous";
    public const string Seen = "seen";
    public const string Signature = "signature";
    public const string Totals = "totals";
    public const string Digest = "digest";
    public const string Limit = "limit";
    public const string Receipt = "receipt";
    public const string Halves = "halves";
    public const string Book = "book";
    public const string Lost = "lost";
    public const string Twice = "twice";
    public const string Unasked = "unasked";
    public const string Taken = "taken";
    public const string Content = "content";
    public const string Answers = "answers";
    public const string Balance = "balance";
    public const string Sum = "sum";
}
