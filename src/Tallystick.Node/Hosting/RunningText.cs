using System.Globalization;
using static Tallystick.Client.PlainText;

namespace Tallystick.Node.Hosting;

/// <summary>What a running node leaves in its folder, as JSON.</summary>
/// <remarks>A node is not ready before it is written, and a serializer would take its time.</remarks>
internal static class RunningText
{
    public static string Of(RunningNode node) => string.Join(
        '\n',
        "{",
        "  \"name\": " + Quoted(node.Name) + ",",
        "  \"folder\": " + Quoted(node.Folder) + ",",
        "  \"socketPath\": " + Quoted(node.SocketPath) + ",",
        "  \"url\": " + Quoted(node.Url) + ",",
        "  \"pid\": " + node.Pid.ToString(CultureInfo.InvariantCulture) + ",",
        "  \"started\": " + Quoted(node.Started.ToString("O", CultureInfo.InvariantCulture)),
        "}");
}
