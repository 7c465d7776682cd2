using System.Globalization;

namespace Tallystick.Node.Web.Parts;

/// <summary>Moments as the owner's clock shows them.</summary>
internal static class Moment
{
    /// <summary>The time of day, with the day unless that is today.</summary>
    public static string Short(DateTimeOffset time, DateTimeOffset now) =>
        Local(time).Date == Local(now).Date
            ? Local(time).ToString("HH:mm", CultureInfo.InvariantCulture)
            : Local(time).ToString(
                Local(time).Year == Local(now).Year ? "d MMM, HH:mm" : "d MMM yyyy", CultureInfo.InvariantCulture);

    public static string Text(DateTimeOffset time) =>
        Local(time).ToString("d MMM yyyy, HH:mm", CultureInfo.InvariantCulture);

    /// <summary>To the millisecond, where the order of things matters.</summary>
    public static string Exact(DateTimeOffset time) =>
        Local(time).ToString("d MMM yyyy, HH:mm:ss.fff", CultureInfo.InvariantCulture);

    /// <summary>What a program reads.</summary>
    public static string Iso(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset Local(DateTimeOffset time) => TimeZoneInfo.ConvertTime(time, TimeZoneInfo.Local);
}
