using System.Globalization;
using Microsoft.AspNetCore.Http;
using Tallystick.Client;

namespace Tallystick.Node.Web.Activities;

/// <summary>Which entries a person wants to see. What cannot be read is as if it had not been said.</summary>
/// <param name="Peer">Only with this peer, or null.</param>
/// <param name="Kind">Only of this kind, or null.</param>
/// <param name="Text">Only with this in their text or id, in any case, or null.</param>
/// <param name="From">Not before this day, or null.</param>
/// <param name="To">Not after this day, or null.</param>
public sealed record ActivityFilter(string? Peer, string? Kind, string? Text, DateOnly? From, DateOnly? To)
{
    public const string DayFormat = "yyyy-MM-dd";

    /// <summary>The kinds that people look for, and what they are called.</summary>
    public static IReadOnlyList<(string Name, string Title)> Kinds { get; } =
    [
        ("pay", "payments"),
        ("settle", "settlements"),
        ("ask", "requests"),
        ("limit", "limits"),
        ("hold", "promises"),
    ];

    /// <summary>Whether entries have to be looked at one by one to find those that are meant.</summary>
    public bool IsSelective => Kind is not null || Text is not null;

    public static ActivityFilter Read(IQueryCollection query) => new(
        Said(query["peer"]),
        Kinds.FirstOrDefault(kind => kind.Name == query["kind"]).Name,
        Said(query["text"]),
        Day(query["from"]),
        Day(query["to"]));

    public bool Fits(HistoryEntry entry) =>
        (Kind is null || Kind == KindOf(entry))
        && (Text is null || Has(entry.Text) || Has(entry.Id) || Has(entry.Peer) || Has(entry.Amount));

    /// <summary>The first moment of the first day, or null.</summary>
    public DateTimeOffset? FirstMoment => From is { } day ? StartOf(day) : null;

    /// <summary>The first moment after the last day, or null.</summary>
    public DateTimeOffset? EndMoment => To is { } day && day < DateOnly.MaxValue ? StartOf(day.AddDays(1)) : null;

    /// <summary>An address with the same filter.</summary>
    public string Link(string path, string? before = null)
    {
        (string Name, string? Value)[] parts =
        [
            ("peer", Peer), ("kind", Kind), ("text", Text),
            ("from", From?.ToString(DayFormat, CultureInfo.InvariantCulture)),
            ("to", To?.ToString(DayFormat, CultureInfo.InvariantCulture)),
            ("before", before),
        ];
        var query = string.Join('&', parts.Where(part => part.Value is not null)
            .Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string KindOf(HistoryEntry entry) => entry.Kind switch
    {
        "pay" or "limit" => entry.Kind,
        "hold" or "fulfil" or "release" => "hold",
        _ when entry.Settlement is not null => entry.IsAsk ? "ask" : "settle",
        _ => string.Empty,
    };

    private bool Has(string? text) => text?.Contains(Text!, StringComparison.OrdinalIgnoreCase) == true;

    private static string? Said(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(
        text, DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTimeOffset StartOf(DateOnly day)
    {
        var start = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(start, TimeZoneInfo.Local.GetUtcOffset(start));
    }
}
