using System.Globalization;
using Tallystick.Core.Identity;

namespace Tallystick.Node.Api;

/// <summary>
/// Where older history begins: below one line of the stored pages and below one of the intents that are on no page.
/// </summary>
/// <param name="Sequence">Lines below this page, or on it below <paramref name="Line"/>, are older.</param>
/// <param name="Line">See <paramref name="Sequence"/>.</param>
/// <param name="AskedMs">Unsigned intents asked before this, or then and with a smaller id, are older.</param>
/// <param name="RequestId">See <paramref name="AskedMs"/>.</param>
internal readonly record struct HistoryCursor(long Sequence, int Line, long AskedMs, RequestId RequestId)
{
    /// <summary>The newest of all.</summary>
    public static HistoryCursor Newest => new(long.MaxValue, 0, long.MaxValue, default);

    public static bool TryParse(string text, out HistoryCursor cursor)
    {
        cursor = default;
        var parts = text.Split('.');
        if (parts.Length != 4
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var askedMs)
            || !RequestId.TryParse(parts[3], out var id))
        {
            return false;
        }
        cursor = new HistoryCursor(sequence, line, askedMs, id);
        return true;
    }

    public bool IsAfter(long askedMs, RequestId id) =>
        askedMs != AskedMs ? askedMs < AskedMs : id < RequestId;

    /// <inheritdoc/>
    public override string ToString() => $"{Sequence}.{Line}.{AskedMs}.{RequestId}";
}
