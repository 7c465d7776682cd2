using System.Text;
using Tallystick.Client;

namespace Tallystick.Node.Hosting;

/// <summary>What a running node leaves in its folder, as JSON.</summary>
/// <remarks>A node is not ready before it is written, and a serializer would take its time.</remarks>
internal static class RunningText
{
    public static string Of(RunningNode node) => Encoding.UTF8.GetString(PlainText.Of(indented: true, json =>
    {
        json.WriteString("name", node.Name);
        json.WriteString("folder", node.Folder);
        json.WriteString("socketPath", node.SocketPath);
        json.WriteString("url", node.Url);
        json.WriteNumber("pid", node.Pid);
        json.WriteString("started", node.Started);
    }));
}
